"""Fit a forest on data that scikit-learn bundles, measure it on rows that it did not see, and write it to a file."""

import numpy as np
from sklearn.datasets import load_breast_cancer

import sovereign
from sovereign.ml.aprender import RandomForestClassifier, metrics, train_test_split
from sovereign.persistence.container import card, embedded

data = load_breast_cancer()
X = data.data.astype(np.float32)
names = data.target_names[data.target]
X_train, X_test, y_train, y_test = train_test_split(X, names, test_size=0.3, stratify=names, random_state=0)

model = RandomForestClassifier(n_estimators=100, random_state=0).fit(X_train, y_train)
accuracy = metrics.accuracy_score(y_test, model.predict(X_test))
print(f"right on {accuracy:.1%} of {len(y_test)} rows that it did not see")

sovereign.save(
    "tumours.apr",
    model,
    name="tumours",
    description="Tells malignant from benign tumours by 30 measures of cell nuclei.",
    metrics={"accuracy": accuracy},
    source="Breast Cancer Wisconsin (Diagnostic), as bundled with scikit-learn",
    split={"test_size": 0.3, "random_seed": 0},
    card=card.ModelCard(name="tumours", intended_use="An example.", limitations="569 patients of one hospital."),
    test_data=embedded.EmbeddedData(
        X=X_test[:10],
        feature_names=tuple(data.feature_names),
        provenance=embedded.Provenance(source="the first 10 test rows", created_at="2026-11-27T00:00:00Z"),
    ),
    force=True,
)
np.save("rows.npy", X_test)
np.save("answers.npy", model.predict_proba(X_test))
