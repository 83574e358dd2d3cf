//! `talk`: what a model says around its texts, about them, or repeats of its instructions.

mod places;
mod recurring;
mod trade;

use crate::catalog::{Entry, Settings, SettingsError};
use crate::check::patterns::{PatternSettings, Patterns, USUAL_SHARE, Watched, code, regex};
use crate::check::{Check, Conclusion, Context, Finding, Judge, Reason, Session, Subject};
use crate::parse::{is_of_a_server, speaks_of_the_task};
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

pub(in crate::check) static ENTRY: Entry<dyn Check> = Entry {
    name: "talk",
    what: "Rejects texts that greet, announce, explain or offer instead of being a text, texts that repeat the instructions, that stand in several lines where hardly any real row does, and that share a first or last sentence, or brackets, with at least four other candidates and no real row.",
    why: "A chat model wraps its texts in talk; the talk is the same for every label and says nothing of it.",
    source: "Openers that people use as well (\"i hope\", \"feel free\", \"please let\", a final colon) are not among the patterns: 12 of 15 rejections by them that were read had hit sound texts. Beside the patterns two words for texts and their making in one sentence, one of them of the trade (label, wording, rephrase, …), tell talk that nobody foresaw; in a head with a colon and in brackets behind the text any two do, or one with a label's name. Any two words anywhere had hit sound texts in 32 of 33 rejections that were read. Counts, offers, notes, descriptions and marks are looked for at the ends of a text and in brackets alone. A shared end tells talk that no list foresaw, in any language; of 16,454 human rows 5 share theirs with four others. What the text's own row says is no talk.",
    settings: &[USUAL_SHARE],
    make,
};

struct Talk(PatternSettings);

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(Talk(PatternSettings::read(ENTRY.name, settings)?)))
}

const TALK: Reason = Reason::new("talk", "talks about the texts instead of being one")
    .with_advice("Some items were talk around the texts: give the texts alone, no greeting, comment or offer.");
const LINES: Reason = Reason::new("broken_line", "stands in several lines, as hardly any real row does")
    .with_advice("Some texts stood in several lines: write each in one.");
const SHARED: Reason = Reason::new("shared_end", "begins or ends with words that many others have and no real row")
    .with_advice("Many texts ended or began with the same remark: give the texts alone, no comment or offer.");
const ECHO: Reason = Reason::new("prompt_echo", "repeats the instructions")
    .with_advice("Some items repeated these instructions: never quote them.");

/// Words for what a model was asked to make. The first are those of the trade, the others anybody's.
const PIECE: &str = r"(?:re-?writ\w*|rewordings?|rephras\w+|paraphras\w*|versions?|variations?|variants?|alternatives?|outputs?|responses?|answers?|translations?|completions?|generations?)";
const TEXT: &str = r"(?:texts?|examples?|samples?|sentences?|tweets?|messages?|posts?|comments?|reviews?|statements?|items?|lines?|entr(?:y|ies)|options?|phrases?|utterances?|paragraphs?|passages?|snippets?|data|list|json)";
/// What a model says of a text's making.
const MAKING: &str = r"(?:re-?writ\w*|reword\w*|rephras\w*|paraphras\w*|generat\w*|synthetic|label(?:led|ed|s)?|categor\w+|class(?:es|ified)?|sentiments?|emotions?|requested|required|asked|following|new|different|original|augmented|training|expressing|conveying|reflecting|showing|that\x20(?:express|convey|reflect|captur|show|match|keep|maintain)\w*)";

/// How a chat model agrees before it begins.
const AGREES: &str = r"(?:sure(?:\x20thing)?|certainly|of\x20course|absolutely|ok(?:ay)?|alright|all\x20right|great|gladly|no\x20problem|got\x20it|understood|yes|definitely|happy\x20to\x20help|i['’]?d\x20be\x20(?:happy|glad)\x20to(?:\x20help)?|with\x20pleasure|my\x20pleasure|thanks?(?:\x20you)?)";
/// How it points to what follows.
const HERE: &str = r"(?:here(?:['’]?s|\x20is|\x20are|\x20you\x20go|\x20comes?|\x20goes)|below\x20(?:is|are|you)|see\x20below|the\x20following|this\x20is|these\x20are|i(?:['’]ve|\x20have|['’]ll|\x20will)|let\x20me)";
/// Words for its work that people seldom have, and what it says of a text that came of it.
const WORK: &str = r"(?:re-?writ(?:es?|ten|ing)|rewordings?|rephras(?:ed|ing)|paraphras\w*)";
const MADE: &str = r"(?:reworded|generated|synthetic|label(?:led|ed)|requested|augmented|training)";

static PATTERNS: LazyLock<Arc<Patterns>> = LazyLock::new(|| {
    let of = |name, source: String| regex(name, format!("(?ix){source}"));
    Patterns::new(ENTRY.name, vec![
        // "Sure! Here is a rewritten version:" with or without the text behind it.
        of("announces", format!(
            r"^\W*(?:{AGREES}\W+){{0,2}}
              {HERE}\b[^:\n.!?]*\b(?:{PIECE}|{TEXT}\b[^:\n.!?]*\b{MAKING}|{MAKING}\b[^:\n.!?]*\b{TEXT})\b[^:\n.!?]*:"
        )),
        // Without a colon people say the like ("i've been trying this new line"), so that it takes words of the work itself.
        of("announces_work", format!(
            r"^\W*(?:{AGREES}\W+){{0,2}}{HERE}\b[^:\n.!?]*\b(?:{WORK}|{TEXT}\b[^:\n.!?]*\b{MADE}|{MADE}\b[^:\n.!?]*\b{TEXT})\b[^:\n.!?]*(?:[.!]?\s*$|[.!]\s|\n)"
        )),
        of("announces_with_colon", format!(
            r"^\W*(?:sure(?:\x20thing)?|certainly|of\x20course|absolutely|here(?:['’]?s|\x20is|\x20are|\x20you\x20go)|below\x20(?:is|are))\b[^:\n]*\b(?:{PIECE}|{TEXT}|one|{MAKING})\b[^:\n]*:"
        )),
        of("agrees", r"^\W*(?:sure|certainly|of\x20course|absolutely|gladly|understood|got\x20it|no\x20problem)\b[^\n]*\b(?:i\x20(?:can|will|['’]ll|would\x20be|['’]d\x20be)|let\x20me|happy\x20to|glad\x20to)\b[^\n]*\b(?:help|assist|rewrit\w*|rephras\w*|paraphras\w*|generat\w*|creat\w*|provid\w*|produc\w*|write)\b".to_owned()),
        // "Rewritten text:", "Version 2 -", "Output:".
        of("headed", format!(
            r"^[\W_]*(?:(?:re-?written|rephrased|reworded|paraphrased?|revised|modified|updated|alternative|generated|synthetic|augmented|new|final|possible|suggested|translated|sample|example)\x20)*(?:{PIECE}|text|example|sample|sentence|tweet|candidate|input|assistant)\W{{0,3}}(?:(?:no|nr|number)\W{{0,2}})?\d{{0,3}}[)\]*_]{{0,3}}\s*:\s*\S"
        )),
        of("another_way", r"^\W*(?:[\w'’]+[,!.]?\x20){0,3}(?:another|a\x20different|one|an\x20alternative)\x20way\x20(?:to|of)\x20(?:put|say|phras|word|express|writ)\w*[^:\n]{0,30}:".to_owned()),
        of("came_up_with", r"^\W*(?:here(?:['’]?s|\x20is)\x20)?what\x20i\x20(?:came\x20up\x20with|wrote|would\x20write)\b|^\W*you\x20(?:could|can|might)\x20(?:also\x20)?(?:say|put|phrase)\x20(?:it|this)\x20(?:like\x20this|this\x20way|as)\b".to_owned()),
        of("heads", r"^\W*(?:here\x20you\x20go|how\x20about|(?:okay,?\x20|sure,?\x20)?(?:here['’]?s\x20)?my\x20(?:take|suggestion|attempt|try))\b[^:\n.!?]{0,15}:".to_owned()),
        of("asks_whether_it_works", r"\b(?:let\x20me\x20know|tell\x20me)\x20(?:if|whether)\x20(?:this|these|that|it)\x20(?:works?|helps?|fits?|meets|suits|is\x20(?:ok|okay|fine|what))\b|\b(?:let\x20me\x20know|tell\x20me)\x20what\x20you\x20think\x20of\x20(?:this|these|the|my)\x20(?:\w+\x20)?(?:versions?|re-?writes?|texts?|sentences?|paraphrases?|variations?)\b|\bis\x20this\x20what\x20you\x20(?:were\x20looking\x20for|wanted|had\x20in\x20mind)\b".to_owned()),
        of("signs_off", r"\bgenerated\x20(?:by|with)\x20(?:an?\x20)?(?:ai\b|chatgpt|gpt|llm|language\x20model|model)|\[\s?end\x20of\x20(?:the\x20)?(?:text|tweet|message|example|output|response)\s?\]|\(\s?\d{1,4}\x20(?:characters|words|tokens)\s?\)".to_owned()),
        of("is_about", r"^\W*(?:this|the)\x20(?:text|sentence|tweet|message|example|post)\x20(?:is\x20about|describes|talks\x20about|tells\x20(?:of|about))\b".to_owned()),
        of("headed_note", r"\x20(?-i:Note|Explanation|Reasoning|Comment|Disclaimer|Rationale)\s?:\x20".to_owned()),
        of("has_written", r"^\W*(?:[\w'’]+[,!.]?\x20){0,2}i(?:['’]ve|\x20have)?\x20(?:came|come|wrote|written|created|made|composed|prepared|drafted|put\x20together)\x20(?:\w+\x20){0,6}?(?:texts?|sentences?|tweets?|messages?|examples?|versions?|posts?|following)\b[^:\n]{0,40}:".to_owned()),
        of("names_itself", r"^\W*(?:[\w'’]+[,!.]\x20|thank\x20you[^.!\n]{0,30}[.!]\x20)?(?:(?:a|an|the|my|one|your)\x20)?(?:\w+\x20)?(?:re-?writ\w*|reword\w*|rephras\w*|paraphras\w*|variations?|variants?|example|sample)(?:\x20(?:text|sentence|tweet|message|version))?(?:\x20\([^)\n]*\))?(?:\x20(?:could|would|might|may|can)\x20be|\x20is|\x20are|\x20reads?|\x20follows)?\W{0,2}:".to_owned()),
        of("numbered_head", format!(r"^[\W_]*(?:{PIECE}|text|example|sample|sentence|tweet|item|candidate|option)\s*[\x23]?\d{{1,3}}\s*[:.)–—-]")),
        // About a text that it has just written.
        of("explains", format!(
            r"\b(?:this|the|my|each|these|both)\x20(?:(?:new|above|second|first|original|revised|given|generated|resulting)\x20)?(?:{PIECE}|text|sentence|tweet|message|statement|post|example|speaker|author|writer|narrator|user|tone|wording|phrasing)s?\x20(?:still\x20|also\x20|clearly\x20|now\x20)?(?:express|convey|reflect|captur|maintain|preserv|retain|keep|demonstrat|indicat|illustrat|depict|portray|impl(?:y|ies)|communicat|belong|correspond|show(?:s|ing)?\x20(?:a|the|that)|aim|is\x20(?:meant|intended|designed|labell?ed|classified|written\x20(?:to|in)|supposed)|(?:has|have)\x20(?:been|the\x20same)|should\x20be\x20(?:labell?ed|classified)|uses?\x20(?:a|the|words|different)|fits?\x20the|match(?:es)?\x20the)"
        )),
        of("speaks_of_texts", r"\b(?:in\x20this\x20(?:example|version|text|sentence),?\x20the\x20(?:author|speaker|writer|narrator|user)|the\x20(?:author|speaker|writer|narrator)\x20(?:in|of)\x20(?:this|the)\x20(?:message|text|tweet|sentence|post|example)\x20(?:is|has|seems|feels|appears|shows)|(?:text|sentence|tweet|message)\x20(?:was|has\x20been|is)\x20(?:re-?written|rephrased|paraphrased|reworded|re-?formulated)|(?:answer|output|response)\x20(?:follows|keeps\x20to|sticks\x20to|adheres\x20to)\x20the\x20(?:\w+\x20)?(?:format|instructions?|style|structure|label|guidelines)|this\x20(?:rewrite|variation|paraphrase|version)\x20(?:uses|keeps)\x20(?:\w+\x20){0,2}(?:language|words|wording|tone|meaning|style|label|sentiment|emotion))\b".to_owned()),
        of("tells_of_its_work", format!(
            r"\bi(?:['’]?ve|\x20have)?\x20(?:re-?wrote|re-?written|rephrased|reworded|paraphrased|modified|tried\x20to\x20(?:keep|maintain|preserve|capture|convey|make)|made\x20sure|ensured|kept|maintained|preserved|replaced|adjusted|varied|generated|avoided)\x20(?:\w+\x20){{0,6}}?(?:{PIECE}|text|sentence|tweet|message|label|sentiment|emotion|tone|meaning|wording|style|original|structure|words?|class|category)\b"
        )),
        of("changed_words", r"\bi(?:['’]?ve|\x20have)?\x20changed\x20(?:\w+\x20){0,2}(?:words|wording|phrasing|sentences?)\b".to_owned()),
        of("keeps_the_label", r"\b(?:while\x20|to\x20|and\x20|by\x20)?(?:keep|maintain|preserv|retain|reflect|convey|match|express|captur)(?:s|es|e|ing)?\x20(?:the|its|this|that)\x20(?:same\x20|original\x20|overall\x20|given\x20|intended\x20|desired\x20|requested\x20|target\x20|core\x20|general\x20|underlying\x20)*(?:label|sentiment|emotion|emotional\x20tone|class|category|meaning|tone|style\x20and)\b".to_owned()),
        of("note", r"(?:^|[.!?)\n\x22”]\s*|\(|\[|\*)(?:\*\*)?(?:note|nb|n\.b\.|explanation|disclaimer|rationale|reasoning|comment|please\x20note|kindly\x20note|edit(?:or)?['’]?s?\x20note|hinweis|anmerkung|erläuterung|nota|remarque|explication|explicación|nota\x20bene|osservazione|observação|opmerking|toelichting|bemærk|merknad|forklaring|obs|anmärkning|huom|uwaga|poznámka|примечание|not)(?:\*\*)?\s*:".to_owned()),
        of("aside", r"[(\[*](?:(?:same|similar|different|changed|kept|keeps|keeping|maintains?|maintaining|retains?|preserves?|rewritten|rephrased|paraphrased|reworded|expresses|expressing|conveys|conveying|reflects|reflecting|shows|label|sentiment|emotion|tone|this)\b[^()\[\]]*\b(?:label|sentiment|emotion|tone|meaning|version|text|class|category|original|style|wording|feeling|joy|anger|sadness|fear|love|surprise|positive|negative|neutral)|(?:rewritten|paraphrased|rephrased|generated)[^()\[\]]*)[^()\[\]]*[)\]*]\W*$".to_owned()),
        // People offer their help, too: the offer must be one of texts, or of another wording.
        of("offers", r"\b(?:let\x20me\x20know|tell\x20me|just\x20(?:say|ask|tell))\b[^.!?\n]*\b(?:if|whether|should|when|what)\b[^.!?\n]*\b(?:need|want|like|prefer|require|wish|adjust|change|more|another|other|further|works?)\b[^.!?\n]*\b(?:(?:more|another|other|further|additional|different)\x20(?:\w+\x20)?(?:texts?|sentences?|tweets?|messages|tone|style|wording|edits?)|(?:the|its)\x20(?:tone|style|wording)|adjust\w*|revisions?|revised|tweak(?:s|ed|ing)?|modif\w*|variations?|versions?|examples?|rewrit\w*|rephras\w*)\b".to_owned()),
        of("asks_to_go_on", r"\b(?:would\x20you\x20like|do\x20you\x20(?:want|need)|shall\x20i|should\x20i|if\x20you(?:['’]d\x20like|\x20want|\x20need|\x20would\x20like)|want|tell\x20me\x20if|please\x20(?:tell|ask))\b[^.!?\n]*\b(?:(?:me\x20to|i\x20can|i\x20could|shall\x20i|should\x20i)\x20(?:\w+\x20){0,3}?(?:re-?writ|rephras|paraphras|generat|continu|adjust|provid|creat|chang|add|produc|writ|make\x20it|make\x20(?:more|another))\w*|(?:another|more|further|additional|other|different|any)\x20(?:\w+\x20)?(?:versions?|variations?|examples?|re-?writes?|texts?|sentences?|tweets?|options?|changes|alternatives?|paraphrases?|adjustments?))\b".to_owned()),
        of("something_else", r"\b(?:anything|something)\x20else\b[^.!?\n]*\b(?:i|we)\x20(?:can|could|may)\x20(?:help|assist|do\x20for)\b|\bhow\x20(?:can|may|else\x20can)\x20i\x20(?:help|assist)\b".to_owned()),
        of("hopes", r"\b(?:i\x20)?(?:hope|trust)\x20(?:this|these|that|it|the\x20\w+)\x20(?:\w+\x20)?(?:helps?|meets?|works?|suits?|fits?|satisf\w+|captur\w+|match\w*)\x20(?:\w+\x20){0,2}(?:your|the)\x20(?:needs?|requirements?|request|expectations?|criteria|label|prompt|task)\b|\b(?:i\x20)?hope\x20(?:this|these)\x20(?:\w+\x20)?(?:rewrites?|versions?|texts?|examples?|sentences?|variations?|paraphrases?|tweets?|help(?:s)?\W*$)".to_owned()),
        // The trade.
        of("of_the_trade", r"\b(?:in|as|into|valid)\x20json\b|\bjson\x20(?:format|object|array|file|list|output)\b|\b(?:training|synthetic|labell?ed|augmented)\x20(?:data(?:set)?|examples?|texts?|samples?)\b|\btext\x20classifi(?:er|cation)\b|\b(?:original|source|input|given|provided|above|previous)\x20(?:text|sentence|tweet|message)\b|\b(?:label|class|category|sentiment|emotion)\x20(?:of|for)\x20(?:this|the|each)\x20(?:text|sentence|tweet|message|example)\b|\bthe\x20(?:answer|solution)\x20to\x20(?:the|this|your)\x20(?:question|task|prompt)\b|\bplaceholder\x20text\b|\bmock\x20response\b|\bper\x20your\x20(?:request|instructions?)\b|\bas\x20(?:you\x20)?requested\b\W*(?:$|[,:])|\baccording\x20to\x20(?:the|your)\x20(?:instructions?|prompt|guidelines)\b".to_owned()),
        code("server_message", |text| first_line(text).filter(|line| is_of_a_server(line))),
        code("words_of_the_task", |text| first_line(text).filter(|line| speaks_of_the_task(line))),
        // Other languages: an opener, a word of the trade, a colon.
        of("german", r"^\W*(?:(?:gerne?|natürlich|klar|sicher|selbstverständlich)[^:\n]*)?\b(?:hier\x20(?:ist|sind|kommt|kommen|hast)|nachfolgend|im\x20folgenden)[^:\n]*\b(?:text\w*|version\w*|satz|sätze|beispiel\w*|variante\w*|nachricht\w*|umformulier\w*|umschreib\w*|umgeschrieben\w*|tweet\w*|beitrag|beiträge|vorschl\w+)[^:\n]*:".to_owned()),
        of("german_reads", r"^\W*(?:\w+[!,.]\x20)?(?:der|die|das)\x20(?:umformuliert|umgeschrieben|überarbeitet|neu)\w*\x20(?:satz|text|version|fassung|nachricht|tweet)\w*\x20(?:lautet|ist|wäre)[^:\n]*:".to_owned()),
        of("french", r"^\W*(?:(?:bien\x20sûr|certainement|d['’]accord|avec\x20plaisir|volontiers)[^:\n]*)?\b(?:voici|voilà|ci-dessous)[^:\n]*\b(?:textes?|versions?|phrases?|exemples?|messages?|variantes?|reformul\w+|réécri\w+|tweets?|paraphrases?|propositions?)[^:\n]*:".to_owned()),
        of("spanish", r"^\W*(?:(?:claro|por\x20supuesto|desde\x20luego|con\x20gusto|seguro)[^:\n]*)?(?:aquí\x20(?:tienes?|está|están|te|va|van|hay)|a\x20continuación|est(?:e|a|o|os|as)\x20(?:es|son))[^:\n]*\b(?:textos?|versi[oó]n(?:es)?|frases?|ejemplos?|mensajes?|variantes?|reescrit\w+|reformulad\w+|tuits?|tweets?|paráfrasis|oraciones|oración)[^:\n]*:".to_owned()),
        of("italian", r"^\W*(?:(?:certo|certamente|ovviamente|volentieri)[^:\n]*)?\b(?:ecco(?:ti)?|di\x20seguito|qui\x20(?:sotto|c['’]è))[^:\n]*\b(?:test[oi]|version[ei]|fras[ei]|esemp\w+|messagg\w+|variant\w+|riscritt\w+|riformulat\w+|tweet|parafrasi)[^:\n]*:".to_owned()),
        of("portuguese", r"^\W*(?:(?:claro|com\x20certeza|certamente|com\x20prazer)[^:\n]*)?(?:aqui\x20(?:está|estão|vai|vão|tem|segue)|segue(?:m)?|a\x20seguir|eis)[^:\n]*\b(?:textos?|versão|versões|frases?|exemplos?|mensage(?:m|ns)|variaç\w+|reescrit\w+|reformulad\w+|tweets?|paráfrases?)[^:\n]*:".to_owned()),
        of("dutch", r"^\W*(?:(?:natuurlijk|zeker|uiteraard|graag)[^:\n]*)?\b(?:hier\x20(?:is|zijn|heb|volgt)|hieronder)[^:\n]*\b(?:tekst\w*|versies?|zin(?:nen)?|voorbeeld\w*|bericht\w*|variant\w*|herschreven|geherformuleerde?|tweets?|parafrase\w*)[^:\n]*:".to_owned()),
        of("scandinavian", r"^\W*(?:(?:selvfølgelig|naturligvis|självklart|javisst|gerne|gjerne|gärna|sikkert|absolut)[^:\n]*)?(?:her\x20(?:er|kommer|har)|här\x20(?:är|kommer|har)|nedenfor|nedan)[^:\n]*\b(?:tekst\w*|text\w*|version\w*|versjon\w*|sætning\w*|setning\w*|mening(?:ar|en)?|eksemp\w+|exemp\w+|besked\w*|melding\w*|meddeland\w*|omskrev\w*|omskriv\w*|omformuler\w*|variant\w*|tweets?|forslag|förslag)[^:\n]*:".to_owned()),
        of("finnish", r"^\W*(?:tässä\x20(?:on|ovat|tulee)?|ohessa|alla)[^:\n]*(?:teksti|versio|lause|esimerk|viesti|uudelleenkirjoit|muotoil)\w*[^:\n]*:".to_owned()),
        of("slavic", r"^\W*(?:\w+[\x20,!.]+){0,2}(?:oto|poniżej|zde\x20je|zde\x20jsou|níže|tady\x20je|вот|ниже|конечно)[\x20,!:][^:\n]*(?:tekst|text|wersj|verz|zdani|vět|przykład|příklad|wiadomoś|zpráv|przepisa|przeredagow|přepsan|текст|верси|вариант|предложени|пример|сообщени|переписан|переформулир)[^:\n]*:".to_owned()),
        of("turkish", r"^\W*(?:tabii?(?:\x20?ki)?|elbette)?\W*(?:işte|aşağıda)[^:\n]*(?:metin|metn|sürüm|versiyon|cümle|örnek|örneğ|mesaj|yeniden\x20yaz)\w*[^:\n]*:".to_owned()),
        of("chinese", r"^\W*(?:好的|当然|當然|没问题|沒問題|可以)?[，,。！!\s]*(?:以下是|下面是|这是|這是|这里是|以下为|以下為|如下)[^：:\n]*(?:文本|文字|句子|版本|改写|改寫|内容|內容|示例|例子|信息|推文|评论|評論|结果)[^：:\n]*[：:]".to_owned()),
        of("japanese", r"^\W*(?:はい|もちろん(?:です)?|承知(?:しました|いたしました)|わかりました|かしこまりました)?[、。！!\s]*(?:以下|こちら|次)(?:は|が|に|の)[^：:\n]*(?:文章|テキスト|文|例|バージョン|言い換え|書き換え|リライト|メッセージ|ツイート)[^：:\n]*[：:。]".to_owned()),
        of("japanese_reads", r"^[^：:\n]{0,12}(?:書き換え|言い換え|リライト)[^：:\n]*(?:以下|次|こちら)[^：:\n]*[：:]".to_owned()),
        of("korean", r"^\W*(?:네|물론(?:입니다|이죠)?|알겠습니다|좋습니다)?[,.!\s]*(?:다음은|아래는|여기|이것은)[^:\n]*(?:텍스트|문장|버전|예시|예문|메시지|다시\s?쓴|바꿔\s?쓴|글|트윗)[^:\n]*[:.]".to_owned()),
        of("arabic", r"^\W*(?:بالتأكيد|بالطبع|حسنا)?[،,!.\s]*(?:إليك|فيما\x20يلي|هذا\x20هو|هذه\x20هي)[^:\n]*(?:النص|نص|الجملة|جملة|صياغة|الرسالة|نسخة|مثال|أمثلة)[^:\n]*:".to_owned()),
        of("hindi", r"^\W*(?:ज़रूर|जरूर|बिल्कुल)?[,!।\s]*(?:यहाँ|यहां|निम्नलिखित|नीचे|ये\x20रहा)[^:\n]*(?:पाठ|टेक्स्ट|वाक्य|संदेश|संस्करण|उदाहरण)[^:\n]*:".to_owned()),
    ])
});

/// Instructions of prompts, whoever wrote them.
static INSTRUCTIONS: LazyLock<Arc<Patterns>> = LazyLock::new(|| {
    let of = |name, source: &str| regex(name, format!("(?ix){source}"));
    Patterns::new(
        ENTRY.name,
        vec![
            of(
                "you_are",
                r"\byou\x20(?:are|act\x20as)\x20(?:an?\x20|the\x20)?(?:\w+\x20){0,3}(?:assistant|ai\b|language\x20model|expert|annotator|writer|generator|bot|given|asked|provided\x20with|tasked|to\x20(?:write|generate|rewrite))\b|\byou\x20(?:write|generate|rewrite|produce|will\x20(?:be\x20given|write|rewrite|generate|receive))\b[^.\n]*\b(?:texts?|data|examples?|sentences?|label|json)\b",
            ),
            of(
                "to_rewrite",
                r"^\W*(?:source\x20|original\x20|input\x20)?(?:text|sentence|tweet|message|input)s?\x20to\x20(?:be\x20)?(?:re-?writ|rephras|paraphras|classif|label)\w*\W{0,3}:",
            ),
            of(
                "use_language",
                r"^\W*(?:please\x20)?(?:use|write\x20(?:in|with|using))\x20(?:\w+\x20){0,4}(?:language|tone|style|person|words|vocabulary)\b",
            ),
            of("your_task", r"\b(?:your|the)\x20(?:task|job|goal|objective)\x20is\x20to\b"),
            of(
                "rewrite",
                r"(?:^|[.!?:;\n,]\W*|\bplease\x20|\bnow\x20|\bthen\x20)(?:re-?write|rephrase|paraphrase|reword|re-?formulate|translate|generate|classify|label|augment|create|produce|provide|write)\b[^.\n]*\b(?:(?:the|this|that|these|each|every|following|given|above|below|new|short|realistic|diverse|different|varied|unique|natural|original|\d+|one|two|three|five|ten|an?)\x20)(?:\w+\x20){0,4}?(?:texts?|sentences?|tweets?|messages?|examples?|samples?|statements?|posts?|reviews?|comments?|versions?|variations?|paraphrases?|labels?|rows?)\b",
            ),
            of(
                "return_only",
                r"(?:^|[.!?:;\n,]\W*|\bplease\x20)(?:return|output|respond|reply|answer|give|print|provide)\b[^.\n]*\b(?:only|just|nothing\x20but|in\x20json|as\x20json|a\x20json|valid|in\x20the\x20(?:following\x20)?format|one\x20per\x20line|the\x20(?:rewritten|text|result|answer|label))\b",
            ),
            of(
                "do_not",
                r"(?:^|[.!?:;\n,(]\W*|\bplease\x20|\band\x20)(?:do\x20not|don['’]t|never|avoid)\x20(?:repeat\w*|copy\w*|includ\w+|add\w*|explain\w*|number\w*|mention\w*|us(?:e|ing)|nam(?:e|ing)|chang\w+|output\w*|writ\w+|quot\w+|reus\w+)\b[^.\n]*\b(?:texts?|label|words?|explanations?|comments?|quotes?|quotation|examples?|sentences?|originals?|names?|anything\x20else|meaning|instructions?|emojis?|hashtags?|prefix|numbering|class|category|sources?)\b",
            ),
            of(
                "keep",
                r"(?:^|[.!?:;\n,]\W*|\bplease\x20|\bshould\x20|\bmust\x20)(?:keep|preserve|maintain|match|use|follow|ensure|make\x20sure|vary)\b[^.\n]*\b(?:label|sentiment|emotion|meaning|class|category|style\x20of|tone\x20of|language\x20of|length\x20of|length|vocabulary|wording|format)\b",
            ),
            of(
                "each_text",
                r"\b(?:each|every|all|the)\x20(?:new\x20)?(?:texts?|sentences?|tweets?|messages?|examples?)\x20(?:must|should|has\x20to|have\x20to|needs?\x20to)\b",
            ),
            of(
                "label_is",
                r"\b(?:the|its|target|correct|desired)\x20(?:label|class|category)\x20(?:is|must|should|for|of|to)\b|\bwith\x20the\x20(?:label|class|category)\b|\b(?:texts?|sentences?|tweets?|messages?|examples?|it|them|one|above|below)\x20(?:\w+\x20){0,2}labell?ed\x20as\b",
            ),
            of(
                "source_of_the_prompt",
                r"\b(?:here\x20are|below\x20are|given)\x20(?:some|the|a\x20few|several|\d+|real)\x20(?:\w+\x20)?(?:texts?|sentences?|examples?|tweets?|messages?)\b|\bfor\x20each\x20(?:of\x20the\x20)?(?:texts?|sentences?|examples?|ids?)\b|\b(?:system|user)\x20prompt\b",
            ),
        ],
    )
});

fn first_line(text: &str) -> Option<&str> {
    text.lines().next().map(str::trim)
}

impl Check for Talk {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[TALK, ECHO, LINES, SHARED]
    }

    /// The evidence is the part that talks, or how many texts share an end.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let learn = |patterns: &Arc<Patterns>| patterns.learn(context, self.0.usual_share);
        let names = trade::names(context.train.labels().names());
        let trade = code("words_of_the_trade", move |text| trade::of_the_trade(text, names.as_ref()));
        let trade = Patterns::new(ENTRY.name, vec![trade]);
        Box::new(Rows {
            context,
            talk: learn(&PATTERNS),
            echo: learn(&INSTRUCTIONS),
            trade: learn(&trade),
            places: learn(&PLACES),
            lines: learn(&LINE_BREAKS),
            sentences: recurring::of_rows(context.train),
        })
    }
}

/// Apart from the others, so that their words are what is told where both show.
static PLACES: LazyLock<Arc<Patterns>> =
    LazyLock::new(|| Patterns::new(ENTRY.name, vec![code("speaks_at_an_end", places::of_the_text)]));
static LINE_BREAKS: LazyLock<Arc<Patterns>> =
    LazyLock::new(|| Patterns::new(ENTRY.name, vec![regex("line_break", r"\S+[^\S\n]*\n\s*\S+")]));

/// What the real rows say.
struct Rows<'a> {
    context: &'a Context<'a>,
    talk: Watched,
    echo: Watched,
    trade: Watched,
    places: Watched,
    lines: Watched,
    /// Hashes of their sentences.
    sentences: HashSet<u64>,
}

impl Rows<'_> {
    fn find(&self, subject: &Subject<'_>) -> Option<Finding> {
        // Who made a text of "let me rephrase that" keeps those words, and a text of a row about talk talks.
        let sources = || self.context.sources(subject.candidate);
        let of = |watched: &Watched, reason: &'static Reason| {
            let (_, part) = watched.find_new(subject.came(), sources)?;
            Some(Finding::reject(reason).with_evidence(part))
        };
        let in_order = [
            (&self.talk, &TALK),
            (&self.echo, &ECHO),
            (&self.trade, &TALK),
            (&self.places, &TALK),
            (&self.lines, &LINES),
        ];
        in_order.into_iter().find_map(|(watched, reason)| of(watched, reason))
    }
}

impl Judge for Rows<'_> {
    fn begin(&self) -> Box<dyn Session + '_> {
        Box::new(Read { rows: self, ends: recurring::Ends::default() })
    }

    fn notes(&self) -> Vec<String> {
        [&self.talk, &self.echo, &self.trade, &self.places, &self.lines].iter().flat_map(|w| w.notes.clone()).collect()
    }
}

/// The candidates so far.
struct Read<'r> {
    rows: &'r Rows<'r>,
    ends: recurring::Ends,
}

impl Session for Read<'_> {
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>> {
        let one = |subject: &Subject<'_>| {
            let finding = self.rows.find(subject);
            let ends = if finding.is_none() { recurring::of_text(subject.text()) } else { None };
            (finding, ends)
        };
        let found: Vec<_> = texts.par_iter().with_min_len(32).map(one).collect();
        let take = |(subject, (finding, ends)): (&Subject<'_>, (Option<Finding>, _))| {
            self.ends.take(&subject.candidate.id, ends, &self.rows.sentences);
            finding
        };
        texts.iter().zip(found).map(take).collect()
    }

    fn conclude(&self) -> Conclusion {
        let finding = |(id, n): (String, usize)| (id, Finding::reject(&SHARED).with_evidence(format!("{n} texts")));
        Conclusion { findings: self.ends.recurring().into_iter().map(finding).collect(), ..Conclusion::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::{candidates, judge, reasons};
    use crate::data::Dataset;
    use crate::generator::Sources;
    use crate::rng::Seed;

    /// What is said of texts that were made from a row which says `own`.
    fn found(own: &str, texts: &[&str]) -> Vec<&'static str> {
        let mut rows = crate::data::Rows::default();
        rows.push(own, "joy").expect("few labels");
        (0..300)
            .for_each(|i| rows.push(&format!("nothing much on day {i}"), ["joy", "fear"][i % 2]).expect("few labels"));
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut all = candidates(texts);
        all.iter_mut().for_each(|c| c.sources = Sources::One(dataset.train().get(0).id));
        reasons(&judge(&Talk(PatternSettings::default()), &context, &all))
    }

    #[test]
    fn what_people_say_is_no_talk() {
        let texts = [
            "I've been wearing this new line of shoes for a month.",
            "Reminder: the choir meets on friday",
            "let me know if you need any help with the move",
            "let me know if you want me to come along",
            "got labelled as the weird one at school",
            "such a prompt response from the council",
        ];
        assert_eq!(found("a day by the sea", &texts), ["ok"; 6]);
    }

    #[test]
    fn what_is_said_of_texts_is() {
        let texts = [
            "Here is the text, rewritten in a happier way.",
            "a day at the lake. Let me know if you want another version of it.",
            "a day at the lake (brings out joy in a few words of text)",
            "the one below is labelled as happy",
        ];
        assert_eq!(found("a day by the sea", &texts), ["talk", "talk", "talk", "prompt_echo"]);
    }

    #[test]
    fn what_the_own_row_says_is_left_alone() {
        let text = "so let me rewrite that message, i don't want a fight";
        assert_eq!(found("a day by the sea", &[text]), ["talk"]);
        assert_eq!(found("i don't like how that message reads, let me rewrite it", &[text]), ["ok"]);
    }

    #[test]
    fn an_end_that_many_share_and_no_row_has_is_talk() {
        let mut rows = crate::data::Rows::default();
        (0..300).for_each(|i| rows.push(&format!("Day {i}. What a day it was"), ["joy", "fear"][i % 2]).expect("few"));
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let check = Talk(PatternSettings::default());
        let judge = check.learn(&context);
        let concluded = |end: &str, n: usize| {
            let texts: Vec<String> = (0..n).map(|i| format!("We saw number {i} leave. {end}")).collect();
            let all = candidates(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            let mut session = judge.begin();
            let found = session.judge(&all.iter().map(Subject::new).collect::<Vec<_>>());
            assert_eq!(reasons(&found), vec!["ok"; n], "{end}");
            session.conclude().findings.len()
        };
        assert_eq!(concluded("Jeg håber det passer", 5), 5);
        assert_eq!(concluded("(kort)", 5), 5);
        assert_eq!(concluded("Jeg håber det passer", 4), 0);
        assert_eq!(concluded("What a day it was", 9), 0, "a real row says it");
        assert_eq!(concluded("So sad", 9), 0, "two words are anybody's");
    }

    #[test]
    fn a_line_break_is_told_where_no_real_row_has_one() {
        assert_eq!(found("a day by the sea", &["a day\nby the lake", "a day by the lake\n"]), ["broken_line", "ok"]);
        assert_eq!(found("a day\nby the sea", &["a day\nby the lake"]), ["ok"]);
    }
}
