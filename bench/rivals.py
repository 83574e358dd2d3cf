"""The same jobs with Equipoise and with other packages: lines, seconds, and what comes out.

    python rivals.py TRAIN TEST LABEL TARGET BASE_URL [NAME …]

TRAIN and TEST are CSV files of `text,label`; LABEL is raised to TARGET rows by the OpenAI-compatible server at BASE_URL, whose key
stands in OPENAI_API_KEY. Installed beside equipoise: pandas, scikit-learn, imbalanced-learn, cleanlab, distilabel. What a job needs and
a package does not have is written out in the job, and counted.
"""

import inspect
import sys
import time

import pandas as pd


def equipoise_profile(train, test, label, target, url):
    import equipoise
    profile = equipoise.profile(train, test=test)
    return f"{len(profile.labels)} labels, ratio {profile.imbalance_ratio:.1f}, {profile.n_duplicates} duplicates, {len(profile.conflicts)} conflicts"


def cleanlab_profile(train, test, label, target, url):
    from cleanlab.filter import find_label_issues
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    codes, names = pd.factorize(train["label"], sort=True)
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    probabilities = cross_val_predict(model, train["text"], codes, cv=5, method="predict_proba")
    issues = find_label_issues(codes, probabilities, return_indices_ranked_by="self_confidence")
    return f"{len(issues)} of {len(train)} labels may be wrong"


def imblearn_ways(train, test, label, target, url):
    from imblearn.over_sampling import SMOTE, RandomOverSampler
    from imblearn.pipeline import make_pipeline
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    linear = lambda **settings: LogisticRegression(C=10, max_iter=1000, **settings)
    ways = {
        "none": make_pipeline(TfidfVectorizer(), linear()),
        "class weights": make_pipeline(TfidfVectorizer(), linear(class_weight="balanced")),
        "repeated rows": make_pipeline(TfidfVectorizer(), RandomOverSampler(random_state=0), linear()),
        "SMOTE": make_pipeline(TfidfVectorizer(), SMOTE(random_state=0), linear()),
    }
    told = []
    for name, model in ways.items():
        predicted = model.fit(train["text"], train["label"]).predict(test["text"])
        told.append(f"{name} {f1_score(test['label'], predicted, average='macro'):.3f}")
    return "macro-F1: " + ", ".join(told)


def equipoise_ways(train, test, label, target, url):
    import equipoise
    evaluation = equipoise.evaluate(train, test=test)
    return f"{len(evaluation.arms)} ways with intervals; {evaluation.verdict['headline']}"


def distilabel_texts(train, test, label, target, url):
    from distilabel.models import OpenAILLM
    from distilabel.pipeline import Pipeline
    from distilabel.steps import LoadDataFromDicts
    from distilabel.steps.tasks import TextGeneration
    rare = train[train["label"] == label]["text"].tolist()
    wanted = target - len(rare)
    rows = [{"instruction": f"Write one new text with the label {label!r}, in the manner of this one. Answer with the text alone.\n{rare[i % len(rare)]}"} for i in range(wanted)]
    with Pipeline(name="texts") as pipeline:
        load = LoadDataFromDicts(data=rows, batch_size=50)
        write = TextGeneration(llm=OpenAILLM(model="gpt-4", base_url=url, generation_kwargs={"temperature": 1.0, "max_new_tokens": 200}), input_batch_size=50)
        load >> write
    made = pipeline.run(use_cache=False)["default"]["train"].to_pandas()
    texts = made["generation"].dropna()
    new = pd.DataFrame({"text": texts, "label": label})
    new.to_csv("distilabel.csv", index=False)
    return f"{len(new)} of {wanted} texts, {new['text'].duplicated().sum()} repeated; not checked, nothing measured"


def equipoise_run(train, test, label, target, url):
    import equipoise
    run = equipoise.run(train, test=test, label_to={label: target}, model="openai-compatible/gpt-4", base_url=url, price=(2, 8), yes=True)
    rows = run.to_dict()["selection"]["rows"]
    return f"{len(run.synthetic)} texts kept of {rows['planned']} planned; {run.verdict['headline']}"


JOBS = [equipoise_profile, cleanlab_profile, equipoise_ways, imblearn_ways, equipoise_run, distilabel_texts]


def main():
    train, test, label, target, url, *names = sys.argv[1:]
    train, test = (pd.read_csv(path)[["text", "label"]] for path in (train, test))
    for job in JOBS:
        if names and job.__name__ not in names:
            continue
        lines = [line for line in inspect.getsource(job).splitlines()[1:] if line.strip() and not line.lstrip().startswith("return")]
        wall, cpu = time.perf_counter(), time.process_time()
        told = job(train, test, label, int(target), url)
        spent = f"{time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} CPU s"
        print(f"{job.__name__}: {len(lines)} lines, {spent}: {told}", flush=True)


if __name__ == "__main__":
    main()
