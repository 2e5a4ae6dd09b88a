"""Take a fitted scikit-learn pipeline over, without fitting it again, and compare every answer."""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import sovereign
from sovereign.ml.aprender import from_sklearn

X, y = load_breast_cancer(return_X_y=True)
original = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)

model = from_sklearn(original)
farthest = np.abs(model.predict_proba(X) - original.predict_proba(X)).max()
print(f"{len(X)} answers, the farthest from the original's is off by {farthest:.0e}")

sovereign.save("pipeline.apr", model, name="tumours, linear", force=True)
assert np.array_equal(sovereign.load("pipeline.apr").predict(X), original.predict(X))
