"""Any scikit-learn estimator as the learner of a verdict:
equipoise evaluate --train train.csv --synthetic made.csv --learner-command 'python examples/fit.py'"""
import json, pathlib, sys
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

folder = pathlib.Path(sys.argv[1])
for line in (folder / "jobs.jsonl").open(encoding="utf-8"):
    job = json.loads(line)
    words = TfidfVectorizer().fit(job["train"]["text"])
    model = LogisticRegression(max_iter=1000, random_state=job["seed"])
    model.fit(words.transform(job["train"]["text"]), job["train"]["label"], sample_weight=job["train"]["weight"])
    rows = [dict(zip(model.classes_, row.tolist())) for row in model.predict_proba(words.transform(job["predict"]))]
    lines = [json.dumps([row.get(label, 0.0) for label in job["labels"]]) for row in rows]
    (folder / job["result"]).write_text("\n".join(lines) + "\n", encoding="utf-8")
