"""Load the file as another machine would: no scikit-learn, no pickle, the same answers to the last bit."""

import sys

for absent in ("sklearn", "scipy", "joblib"):
    sys.modules[absent] = None

import pickle

import numpy as np

import sovereign

pickle.load = pickle.loads = pickle.Unpickler = None

model = sovereign.load("tumours.apr")
rows, answers = np.load("rows.npy"), np.load("answers.npy")
assert np.array_equal(model.predict_proba(rows), answers)
print(f"{len(rows)} answers, all equal to the last bit, the first: {model.predict(rows)[0]}")
print(f"the native model alone: {model.predictor()}")
