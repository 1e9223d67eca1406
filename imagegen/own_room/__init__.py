"""A customer's own room as the scene: what one photo of it and a tape measure tell.

``calibrate`` finds the photo's camera from points of the floor whose distances are known; ``reading`` finds depth and
lines in the photo. The photo takes the place of the traced picture, and what is read in it that of the passes.
"""
