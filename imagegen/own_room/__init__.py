"""A customer's own room as the scene: what one photo of it and a tape measure tell, and a product stood into it.

``calibrate`` finds the photo's camera from points of the floor whose distances are known; ``reading`` finds depth and
lines in the photo; ``light`` what its light is like; ``front`` what stands before a product. ``showing`` is the way
through, ``findings`` what is said of the picture.
"""
