"""Reads requests, one JSON object a line ({"provider", "wire", "body"}), and checks each against the types of the official SDK of its
protocol, and chat completions against OpenAI's OpenAPI document too (EQUIPOISE_OPENAPI). Fields of a provider's own are listed here."""
import json, os, sys
from pydantic import TypeAdapter
from anthropic.types import message_create_params
from google.genai import types as genai
from openai.types.chat import completion_create_params

# Documented by their providers, and unknown to OpenAI.
OWN = {"mistral": {"random_seed"}, "deepseek": {"thinking"}, "openrouter": {"reasoning"},
       "vllm": {"chat_template_kwargs"}, "llama_cpp": {"chat_template_kwargs"}}
# The latest models of Anthropic take no temperature, so that the latest types have none; models before 4.7 still take it, and are sent it.
OLDER = {"claude-sonnet-4-5": {"temperature"}}
CHAT = completion_create_params.CompletionCreateParamsNonStreaming
MESSAGES = message_create_params.MessageCreateParamsNonStreaming
ADAPTERS = {kind: TypeAdapter(kind) for kind in (CHAT, MESSAGES)}


def names(kind):
    return set().union(*(getattr(base, "__annotations__", {}) for base in (kind, *kind.__orig_bases__)), kind.__required_keys__, kind.__optional_keys__)


def typed(kind, body, own=()):
    unknown = set(body) - names(kind) - set(own)
    if unknown:
        raise ValueError(f"fields that the SDK does not know: {unknown}")
    ADAPTERS[kind].validate_python(body)


def document():
    path = os.environ.get("EQUIPOISE_OPENAPI")
    if not path:
        return None
    import jsonschema
    spec = json.load(open(path, encoding="utf-8"))
    schema = {"$ref": "#/components/schemas/CreateChatCompletionRequest", "components": spec["components"]}
    return jsonschema.Draft202012Validator(schema)


validator, n, failed, told = document(), 0, 0, set()
for line in sys.stdin:
    sent = json.loads(line)
    provider, wire, body = sent["provider"], sent["wire"].split("/")[0], sent["body"]
    try:
        if wire == "messages":
            typed(MESSAGES, {k: v for k, v in body.items() if k not in OLDER.get(body["model"], ())})
        elif wire == "generate_content":
            assert set(body) <= {"systemInstruction", "contents", "generationConfig"}, set(body)
            for content in [*body["contents"], *([body["systemInstruction"]] if "systemInstruction" in body else [])]:
                genai.Content.model_validate(content)
            genai.GenerationConfig.model_validate(body["generationConfig"])
        else:
            typed(CHAT, body, OWN.get(provider, ()))
            if validator:
                known = {k: v for k, v in body.items() if k not in OWN.get(provider, ())}
                errors = list(validator.iter_errors(known))
                if errors:
                    raise ValueError(errors[0].message[:300])
        n += 1
    except Exception as error:
        failed += 1
        if len(told) < 12 and str(error)[:120] not in told:
            told.add(str(error)[:120])
            print(provider, str(error)[:600], json.dumps(body)[:600])
print(f"{n} valid, {failed} not; the document was {'read' if validator else 'not given'}")
sys.exit(1 if failed else 0)
