"""Live placement: a product laid over a cached view of a room within a tenth of a second, approximately and said to be.

``making`` prepares, once, all that takes long (a worker does); ``compose`` lays one picture and needs only NumPy and
Pillow, so the front doors may call it.
"""
