"""How often is the verdict wrong when the world is built otherwise than the model?

    nature    another world: the status quo as an analyst would see it, and the true difference
    analyst   the default model: calibrated to what was seen, draws of the posterior, a verdict
    score     verdict against truth, and whether the calibration showed that something was amiss

`python -m verification misspecification` runs it. The analyst never sees how nature is built.
"""
