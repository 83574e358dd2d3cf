//! The words with which models decline, language by language. `\x20` is a blank: blanks in a pattern only set its parts apart.

use super::refusal::Language;

/// English first: it is what models fall back to.
pub(super) static LANGUAGES: &[Language] = &[
    ENGLISH,
    GERMAN,
    FRENCH,
    SPANISH,
    ITALIAN,
    PORTUGUESE,
    DUTCH,
    DANISH_AND_NORWEGIAN,
    SWEDISH,
    FINNISH,
    POLISH,
    CZECH,
    RUSSIAN,
    TURKISH,
    CHINESE,
    JAPANESE,
    KOREAN,
    ARABIC,
    HINDI,
];

const ENGLISH: Language = Language {
    alone: r"(?-u:\b)as\x20(?:an?|your)\x20(?:\w+\x20){0,2}(?:ai|a\.i\.|artificial\x20intelligence|language\x20model|llm|chatbot|(?:ai|virtual|digital)[\x20-]assistant)(?-u:\b)
        | (?-u:\b)(?:i['’]?m|i\x20am|being)\x20(?:just\x20|only\x20|merely\x20|simply\x20)?an?\x20(?:\w+\x20)?(?:ai(?-u:\b)|artificial\x20intelligence|language\x20model|llm(?-u:\b)|(?:ai|virtual)[\x20-]assistant)
        | (?:(?:my|our|openai['’]?s?)\x20(?:\w+\x20){0,2}|(?:safety|content|usage|ethical|community)\x20(?:\w+\x20)?)(?:guidelines|polic(?:y|ies)|programming|principles|safeguards)\x20(?:\w+\x20){0,2}(?:do(?:es)?\x20not|do(?:es)?n['’]?t|prevents?|prohibits?|forbids?|restricts?|won['’]?t|bars?|stops?|keeps?)
        | (?:violat(?:es?|ing|ed)|breach(?:es|ing)?|against|conflicts?\x20with|in\x20line\x20with|permitted\x20(?:by|under)|within)\x20(?:(?:my|our|openai['’]?s?)\x20(?:\w+\x20){0,2}|(?:the\x20|these\x20)?(?:content|usage|safety|ethical|community)\x20(?:\w+\x20)?)(?:guidelines|polic(?:y|ies)|programming|terms\x20of\x20(?:use|service))
        | (?:request|prompt|query|response|output|completion|generation|answer)\x20(?:was|has\x20been|is|were|have\x20been|got|cannot\x20be|can['’]?t\x20be)\x20(?:\w+\x20)?(?:blocked|flagged|filtered|refused|declined|rejected|withheld|completed|processed|fulfill?ed|answered)
        | content[\x20_-]?(?:policy|filter)[\x20_-]?(?:violation|triggered|error)|contentpolicyviolation
        | (?:outside|beyond)\x20(?:of\x20)?what\x20i\x20(?:can|could|am\x20able\x20to)\x20(?:assist|help|do|provide|offer|write|generate)
        | not\x20programmed\x20to\x20(?:output|generate|produce|write|create|provide|express)
        | (?-u:\b)i\x20(?:have\x20to|must|need\x20to|will\x20have\x20to)\x20(?:\w+\x20){0,2}(?:decline|refuse|abstain\x20from|refrain\x20from)\x20(?:(?:this|that|your)\x20(?:one|request|prompt|task|text|sentence)|generat|writing|creat|produc|provid|compos|rephras|rewrit)
        | (?:would|could)n['’]?t\x20be\x20(?:appropriate|ethical|right|responsible)\x20(?:for\x20me\x20)?to\x20(?:generate|create|produce|write|rewrite|rephrase|paraphrase|provide|compose)
        | (?:inappropriate|unethical|irresponsible|not\x20(?:be\x20)?(?:appropriate|ethical|right|possible|acceptable))\x20(?:for\x20me\x20)?to\x20(?:generate|create|produce|write|rewrite|re-write|rephrase|paraphrase|provide|compose)
        | (?:not|n['’]t)\x20(?:feel\x20|be\x20)?comfortable\x20(?:with\x20)?(?:writing|generating|creating|producing|rewriting|providing|paraphrasing)
        | (?:can['’]?t|cannot|unable\x20to|not\x20able\x20to)\x20do\x20what\x20you(?:['’]re|\x20are)?\x20ask
        | (?-u:\b)i\x20(?:have\x20to|must|need\x20to|will\x20have\x20to)\x20(?:\w+\x20)?(?:decline|refuse)\s?:
        | (?:going\x20to|will|['’]ll|have\x20to|must)\x20pass\x20on\x20(?:writing|rewriting|generating|creating|this\x20(?:one|request|text))
        | (?-u:\b)i\x20(?:(?:(?:don['’]?t|do\x20not)\x20think\x20i\x20(?:should|can)|can['’]?t|cannot|won['’]?t|will\x20not)\x20(?:write|create|generate|produce|compose)\x20(?:threats|insults|slurs|hate(?-u:\b))|(?:don['’]?t|do\x20not)\x20think\x20i\x20should\x20(?:write|create|generate|produce|compose)\x20(?:something|anything))
        | comfortable\x20with\x20(?:this|that|your|such\x20an?)\x20(?:task|request|prompt|topic|content)
        | (?:against|conflicts?\x20with|contradicts?)\x20my\x20(?:\w+\x20)?(?:values|ethics|principles)
        | (?:this|that|your|the)\x20(?:request|prompt|instruction)s?\x20(?:\w+\x20){0,2}(?:violates?|conflicts?|goes\x20against|is\x20(?:inappropriate|harmful|unethical|offensive))
        | (?:i['’]?m|i\x20am|i\x20was)\x20(?:designed|trained|programmed)\x20(?:to\x20(?:be\x20(?:helpful|harmless|safe|respectful)|avoid|follow|provide)|by|not\x20to)
        | (?:won['’]?t|will\x20not|cannot|can['’]?t)\x20(?:write|create|generate|produce|rewrite)\x20(?:this|that|these)\s?(?:$|[.!])
        | (?:prefer|rather)\x20not\x20(?:to\x20)?(?:answer\x20that|respond\x20to|write|generate|create|continue\x20with)
        | assistant\x20(?:made|designed|trained|built|meant)\x20to\x20be
        | not\x20something\x20(?:that\x20)?i(?:['’]?m|\x20am|\x20can|['’]?d|\x20would|\x20will|['’]?ll)?\x20(?:be\x20)?(?:able\x20to|can|comfortable|willing\x20to|help|assist|do|write|create|generate|provide|produce)",
    declines: r"(?-u:\b)(?:i|we)(?-u:\b)[^.!?\n]*?(?-u:\b)(?:can['’]?t|cannot|can\x20not|could\x20not|couldn['’]?t|won['’]?t|will\x20not|unable|not\x20able|not\x20allowed|not\x20permitted|not\x20comfortable|uncomfortable|not\x20going\x20to|not\x20willing|not\x20in\x20a\x20position|not\x20(?:programmed|designed)|decline|refuse|refrain|(?:do\x20not|don['’]?t)\x20(?:feel\x20comfortable|think\x20i\x20(?:can|should)|want\x20to\x20(?:write|generate|create|produce))|(?:rather|prefer|choose|chose|wish)\x20not|should\x20not|shouldn['’]?t|must\x20not)(?-u:\b)
        | (?:^|[.!?,;—–-])\W*(?:cannot|can['’]?t|unable\x20to|not\x20able\x20to|no\x20can\x20do|won['’]?t)(?-u:\b)",
    works: r"(?-u:\b)(?:assist|comply|compli|fulfil|accommodat|generat|rewrit|re-writ|rewrote|rephras|paraphras|reword|reformulat|proceed\x20with|engage\x20(?:with|in)|produc(?:e|ing)\x20(?:\w+\x20){0,3}(?:text|content|message|tweet|statement)|creat(?:e|ing)\x20(?:\w+\x20){0,3}(?:text|content|message|tweet|post|statement|example))",
    helps: r"(?-u:\b)(?:help|writ(?:e|ing)|creat(?:e|ing)|produc(?:e|ing)|provid(?:e|ing)|offer|shar(?:e|ing)|compos(?:e|ing)|draft|support|complet(?:e|ing)|process|participat(?:e|ing)|respond|answer|continu(?:e|ing)|do(?:ing)?|mak(?:e|ing)|giv(?:e|ing)|handl(?:e|ing)|deliver|supply|satisfy|hono(?:u)?r|work\x20(?:on|with))(?-u:\b)",
    object: r"(?-u:\b)(?:requests?|prompts?|task|content|rewrites?|re-writes?|rewriting|paraphrases?|rephrasing|instructions?|guidelines?|polic(?:y|ies)|(?:help|assist|do|continue)(?:ing)?(?:\x20you)?\x20with\x20(?:that|this|it|your)(?-u:\b)|(?:this|that|such|these|those|the|an?|any|your|another|hateful|harmful|offensive|abusive|violent|explicit)\x20(?:\w+\x20){0,3}(?:texts?|messages?|tweets?|posts?|sentences?|statements?|language|speech|material|examples?|versions?|variations?|outputs?|responses?)|(?:this|that)\x20(?:kind|type|sort)\x20of|(?:generat|creat|produc|writ|provid|compos|rephras|paraphras)(?:e|ing)\x20(?:\w+\x20){0,2}(?:texts|messages|tweets|posts|sentences|statements|examples|slurs|insults))(?-u:\b)",
    sorry: r"(?-u:\b)(?:sorry|apolog(?:y|ies|i[sz]e|i[sz]ing)|unfortunately|regret(?:tably|fully)?|afraid|pardon|forgive\x20me)(?-u:\b)",
};

// Where the word that declines is a mere "not" (German, Dutch, Danish, Norwegian, Swedish), a first person has to stand before it in the same clause:
// "can't you even write a proper text" declines nothing.

const GERMAN: Language = Language {
    alone: r"als\x20(?:eine?\x20)?(?:\w+\x20)?(?:ki(?-u:\b)|ki-\w+|künstliche\x20intelligenz|sprachmodell|sprachassistent\w*|chatbot)
        | (?:verst(?:ö|oe)(?:ß|ss)t|widerspricht)\x20(?:\w+\x20){0,3}(?:richtlinien|nutzungsbedingungen|vorgaben|grundsätzen)
        | (?:richtlinien|vorgaben|nutzungsbedingungen)\x20(?:\w+\x20){0,3}(?:erlauben|gestatten|verbieten|untersagen|lassen)",
    declines: r"(?-u:\b)(?:ich|wir|mir|uns)\x20(?:\w+\x20){0,5}(?:nicht|kein(?:e|en|er|es)?|ablehnen|verweigern|außerstande|unmöglich)(?-u:\b)|(?-u:\b)(?:ablehne|verweigere)(?-u:\b)",
    works: r"(?:erstell|umschreib|umzuschreib|umformulier|umzuformulier|generier|verfass|erfüll|nachkomm|nachzukomm|bereitstell|produzier|formulier|entsprech|weiterhelf|behilflich|unterstütz|bearbeit|paraphrasier)\w*",
    helps: r"(?:helf|schreib|beantwort|liefer|antwort|ausführ|ablehn|mach)\w*",
    object: r"(?-u:\b)(?:anfragen?|aufgabe|inhalt(?:e|en|s)?|texte?s?n?|anliegen|nachricht(?:en)?|beitrag|beiträge|aussagen?|äußerung(?:en)?|(?:dabei|damit|hierbei|diesbezüglich)\x20(?:\w+\x20){0,4}(?:helf|behilflich)\w*|(?:solche|derartige|diese)[nrms]?\x20(?:art|bitte|wunsch|sätze|satz))(?-u:\b)",
    sorry: r"(?:tut\x20mir\x20(?:sehr\x20|wirklich\x20)?leid|leider|entschuldig|verzeih|bedauer|sorry)",
};

const FRENCH: Language = Language {
    alone: r"en\x20tant\x20qu['’e]\x20?(?:\w+['’\x20]){0,3}?(?:ia(?-u:\b)|intelligence\x20artificielle|modèle\x20(?:de\x20langage|linguistique)|assistante?\x20(?:ia|virtuel\w*)|assistant(?-u:\b))
        | (?:je\x20(?:ne\x20)?suis\x20(?:qu['’])?)(?:une?\x20)?(?:ia(?-u:\b)|intelligence\x20artificielle|modèle\x20de\x20langage)
        | (?:va\x20à\x20l['’]encontre\x20de|enfreint|contraire\x20à|viole)\x20(?:\w+\x20){0,2}(?:règles|directives|politiques?|principes|consignes)",
    declines: r"(?-u:\b)(?:ne\x20(?:peux|puis|pourrai|pourrais|souhaite|vais|saurais|veux|peut|pouvons|suis)|n['’](?:ai|arrive|accepte)|impossible|(?:dois|préfère|me\x20vois\x20contrainte?\x20de)\x20(?:\w+\x20)?(?:refuser|décliner)|refuse|dans\x20l['’]incapacité)",
    works: r"(?-u:\b)(?:générer|créer|rédiger|réécrire|reformuler|paraphraser|produire|fournir|satisfaire|accéder\x20à|donner\x20suite|traiter|accomplir|refuser|décliner|proposer)",
    helps: r"(?-u:\b)(?:aider|assister|écrire|répondre|faire|continuer|refuser)",
    object: r"(?-u:\b)(?:demande|requête|contenus?|textes?|messages?|tâche|consigne|phrases?|propos|ce\x20(?:type|genre)\x20de|avec\x20(?:cela|ça|ceci)|à\x20ce\x20sujet)(?-u:\b)",
    sorry: r"(?:désolée?|navrée?|excus|malheureusement|regrett|pardon)",
};

const SPANISH: Language = Language {
    alone: r"como\x20(?:una?\x20)?(?:\w+\x20)?(?:ia(?-u:\b)|inteligencia\x20artificial|modelo\x20(?:de\x20lenguaje|lingüístico)|asistente\x20(?:virtual|de\x20ia))
        | soy\x20(?:sol[oa]\x20|sólo\x20)?(?:una?\x20)?(?:ia(?-u:\b)|inteligencia\x20artificial|modelo\x20de\x20lenguaje)
        | (?:infringe|viola|va\x20en\x20contra\x20de|contraviene|incumple)\x20(?:\w+\x20){0,2}(?:normas|directrices|políticas?|principios|pautas)
        | (?:directrices|políticas?|normas|pautas)\x20(?:\w+\x20){0,2}(?:no\x20(?:me\x20)?permite|prohíbe|impide)",
    declines: r"(?-u:\b)(?:no\x20(?:me\x20es\x20posible|puedo|podré|podría|podemos|estoy|soy\x20capaz|voy\x20a|debo|sería|quiero)|me\x20niego|(?:debo|tengo\x20que|prefiero)\x20(?:\w+\x20)?(?:rechazar|declinar|no)|rechazo|imposible)",
    works: r"(?-u:\b)(?:generar|crear|redactar|reescribir|reformular|parafrasear|producir|proporcionar|cumplir|atender|procesar|elaborar|rechazar|facilitar)\w*",
    helps: r"(?-u:\b)(?:ayudar|escribir|asistir|responder|hacer|continuar|completar|dar|declinar)\w*",
    object: r"(?-u:\b)(?:solicitud(?:es)?|petición|peticiones|contenidos?|textos?|mensajes?|tarea|frases?|(?:este|ese|tal|dicho)\x20tipo|con\x20(?:eso|esto|ello)|en\x20(?:eso|esto))(?-u:\b)",
    sorry: r"(?:lo\x20(?:siento|lamento)|lamento|lamentablemente|desafortunadamente|disculp|perdón|perdona)",
};

const ITALIAN: Language = Language {
    alone: r"(?:come|in\x20quanto|essendo)\x20(?:un['’a]?\x20?)?(?:\w+\x20)?(?:ia(?-u:\b)|intelligenza\x20artificiale|modello\x20(?:linguistico|di\x20linguaggio)|assistente\x20(?:virtuale|ia))
        | (?:viola|va\x20contro|contravviene|contrari[oa]\x20a)\x20(?:\w+\x20){0,2}(?:linee\x20guida|politiche|norme|regole|princ[ií]pi)",
    declines: r"(?-u:\b)(?:non\x20(?:posso|sono\x20(?:in\x20grado|autorizzat[oa])|mi\x20è\x20(?:possibile|consentito)|potrò|potrei|voglio|intendo|possiamo)|(?:devo|preferisco)\x20(?:\w+\x20)?(?:rifiutare|declinare|non)|mi\x20rifiuto|rifiuto|impossibile)",
    works: r"(?-u:\b)(?:generare|creare|redigere|riscrivere|riformulare|parafrasare|produrre|fornire|soddisfare|elaborare|evadere|esaudire|rifiutare|accogliere)\w*",
    helps: r"(?-u:\b)(?:aiutar|scrivere|assister|rispondere|fare|continuare|completare|declinare)\w*",
    object: r"(?-u:\b)(?:richiest[ae]|contenut[oi]|test[oi]|messagg[io]+|compito|fras[ei]|(?:questo|tale|quel)\x20(?:tipo|genere)|con\x20(?:questo|questa|ciò|quello)|in\x20questo)(?-u:\b)",
    sorry: r"(?:mi\x20(?:dispiace|spiace|scuso)|purtroppo|scus[ai]|spiacente|sono\x20desolat[oa])",
};

const PORTUGUESE: Language = Language {
    alone: r"como\x20(?:uma?\x20)?(?:\w+\x20)?(?:ia(?-u:\b)|inteligência\x20artificial|modelo\x20de\x20linguagem|assistente\x20(?:virtual|de\x20ia))
        | sou\x20(?:apenas\x20)?(?:uma?\x20)?(?:ia(?-u:\b)|inteligência\x20artificial|modelo\x20de\x20linguagem)
        | (?:viola|vai\x20contra|infringe|contraria)\x20(?:\w+\x20){0,2}(?:diretrizes|políticas?|normas|princípios|regras)",
    declines: r"(?-u:\b)(?:não\x20(?:posso|consigo|sou\x20capaz|estou\x20autorizad[oa]|me\x20é\x20possível|é\x20possível|irei|vou|poderei|podemos|poderia|devo)|(?:devo|preciso|prefiro)\x20(?:\w+\x20)?(?:recusar|negar|não)|recuso|me\x20recuso|impossível)",
    works: r"(?-u:\b)(?:gerar|criar|redigir|reescrever|reformular|parafrasear|produzir|fornecer|cumprir|atender|processar|elaborar|recusar)\w*",
    helps: r"(?-u:\b)(?:ajudar|escrever|auxiliar|responder|fazer|continuar|completar)\w*",
    object: r"(?-u:\b)(?:pedidos?|solicitaç(?:ão|ões)|conteúdos?|textos?|mensage(?:m|ns)|tarefa|frases?|(?:esse|este|tal|desse|deste)\x20tipo|com\x20(?:isso|isto)|nisso)(?-u:\b)",
    sorry: r"(?:desculp|lamento|infelizmente|sinto\x20muito|lamentavelmente|perdão)",
};

const DUTCH: Language = Language {
    alone: r"als\x20(?:een\x20)?(?:\w+\x20)?(?:ai(?-u:\b)|ai-\w+|kunstmatige\x20intelligentie|taalmodel|chatbot)
        | (?:in\x20strijd\x20met|schendt|tegen)\x20(?:\w+\x20){0,2}(?:richtlijnen|beleid|gebruiksvoorwaarden)",
    declines: r"(?-u:\b)(?:ik|wij|we|mij|me)\x20(?:\w+\x20){0,5}(?:niet|geen|weigeren|afwijzen|onmogelijk)(?-u:\b)|(?-u:\b)ik\x20weiger(?-u:\b)",
    works: r"(?-u:\b)(?:genereren|herschrijven|herformuleren|opstellen|produceren|voldoen|verstrekken|formuleren|parafraseren|aanmaken|assisteren|verwerken|inwilligen|creëren|bieden)",
    helps: r"(?-u:\b)(?:schrijven|helpen|maken|uitvoeren|beantwoorden|doen|meewerken|geven)",
    object: r"(?-u:\b)(?:verzoek(?:en)?|aanvraag|inhoud|teksten?|berichten?|taak|opdracht|zinn?en?|content|dit\x20soort|(?:hier|daar)mee|dergelijke|(?:daar|hier)bij)(?-u:\b)",
    sorry: r"(?:het\x20spijt|helaas|sorry|excuses|excuseer|jammer\x20genoeg)",
};

const DANISH_AND_NORWEGIAN: Language = Language {
    alone: r"som\x20(?:en\x20|et\x20)?(?:\w+\x20)?(?:ai(?-u:\b)|ai-\w+|kunstig\x20intelligens|sprogmodel|språkmodell|ki(?-u:\b)|ki-\w+)
        | (?:strider|i\x20strid|bryder|bryter)\x20(?:imod\x20|mot\x20|med\x20)?(?:(?:\w+\x20){0,2}retningslinj\w+|(?:mine|vores|våre)\x20(?:\w+\x20)?(?:regler|politik|betingelser))",
    declines: r"(?-u:\b)(?:jeg|vi|mig|meg|os|oss)\x20(?:\w+\x20){0,5}(?:ikke|afvise|avvise|afslå|avslå|ute?\x20av\x20stand|ude\x20af\x20stand|umuligt?|nægter|nekter)(?-u:\b)|(?-u:\b)(?:nægter|nekter)\x20jeg(?-u:\b)",
    works: r"(?-u:\b)(?:omskrive|skrive\x20om|generere|imødekomme|opfylde|oppfylle|oprette|opprette|producere|produsere|omformulere|formulere|efterkomme|etterkomme|frembringe|udarbejde|utarbeide|bistå|assistere|levere|parafrasere)",
    helps: r"(?-u:\b)(?:hjælpe|hjelpe|skrive|lave|lage|besvare|svare|udføre|utføre|fortsætte|fortsette|give|gi|skabe|gøre|gjøre)(?-u:\b)",
    object: r"(?-u:\b)(?:anmodning\w*|forespørg\w*|forespørsel\w*|indhold\w*|innhold\w*|tekst(?:en|er|ene)?|besked(?:en|er)?|melding(?:en|er)?|opgave\w*|oppgave\w*|sætning\w*|setning\w*|denne\x20(?:type|slags)|den\x20(?:slags|type)|sådan\x20(?:et|en|noget)|slik(?:t|e)?|med\x20(?:det|dette)(?:\W*$|\x20her))",
    sorry: r"(?:beklager|desværre|dessverre|undskyld|unnskyld|ked\x20af|lei\x20for)",
};

const SWEDISH: Language = Language {
    alone: r"som\x20(?:en\x20)?(?:\w+\x20)?(?:ai(?-u:\b)|ai-\w+|artificiell\x20intelligens|språkmodell)
        | (?:strider\x20mot|bryter\x20mot)\x20(?:\w+\x20){0,2}(?:riktlinjer\w*|policy|regler|villkor)",
    declines: r"(?-u:\b)(?:jag|vi|mig|oss)\x20(?:\w+\x20){0,5}(?:inte|vägrar|avböja|avstå|omöjligt)(?-u:\b)",
    works: r"(?-u:\b)(?:skriva\x20om|omskriva|generera|uppfylla|tillmötesgå|producera|omformulera|formulera|slutföra|bistå|assistera|parafrasera|framställa|tillhandahålla)",
    helps: r"(?-u:\b)(?:hjälpa|skriva|skapa|svara|göra|fortsätta|ge|besvara|utföra)(?-u:\b)",
    object: r"(?-u:\b)(?:begäran|förfrågan|innehåll\w*|text(?:en|er)?|meddelande\w*|uppgift\w*|mening(?:en|ar)?|inlägg|den\x20(?:här\x20)?(?:typen|sortens)|sådant|sådan|med\x20det(?:\x20här|\x20där|ta)?)(?-u:\b)",
    sorry: r"(?:tyvärr|beklagar|förlåt|ledsen|ursäkta)",
};

const FINNISH: Language = Language {
    alone: r"(?:tekoälynä|kielimallina|tekoälymallina|tekoälyavustajana|tekoälyassistenttina|olen\x20(?:vain\x20)?(?:tekoäly|kielimalli))",
    declines: r"(?-u:\b)(?:en|emme)\x20(?:valitettavasti\x20)?(?:voi|pysty|saa|kykene|halua|aio|suostu|osaa)|kieltäydy",
    works: r"(?:luoda|tuottaa|muotoilla|täyttää|toteuttaa|uudelleenkirjoit|generoida|laatia|avustaa)",
    helps: r"(?:auttaa|kirjoittaa|tehdä|vastata|jatkaa|antaa)",
    object: r"(?:pyyntö|pyynnö|pyytämä|sisältö|sisältöä|sisällö|teksti|tehtävä|viesti|tällais|tässä|tuollais|sellais)",
    sorry: r"(?:valitettavasti|pahoittel|anteeksi|ikävä\x20kyllä)",
};

const POLISH: Language = Language {
    alone: r"jako\x20(?:\w+\x20)?(?:model\x20językowy|sztuczna\x20inteligencja|ai(?-u:\b)|asystent\x20ai)|jestem\x20(?:tylko\x20)?(?:modelem\x20językowym|sztuczną\x20inteligencją)
        | (?:narusza|niezgodn\w+\x20z|sprzeczn\w+\x20z)\x20(?:\w+\x20){0,2}(?:wytyczn\w+|zasad\w*|polityk\w+|regulamin\w*)",
    declines: r"(?-u:\b)(?:nie\x20(?:mogę|mogłbym|mogłabym|możemy|jestem\x20w\x20stanie|wolno\x20mi|będę|potrafię|chcę)|odmawiam|muszę\x20odmówić)",
    works: r"(?:wygenerowa|generowa|stworzy|tworzy|przepisa|sparafrazowa|przeformułowa|spełni|zrealizowa|przygotowa|dostarczy)",
    helps: r"(?:pomóc|napisa|pisać|udzieli|wykona|odpowiedzie|odmówi|kontynuowa|zrobi)",
    object: r"(?:prośb|żądan|treści|treść|tekst|wiadomości|zadani|poleceni|zdani|w\x20tym(?:\W*$|\x20zakresie)|tego\x20(?:typu|rodzaju)|takie)",
    sorry: r"(?:przykro|przeprasza|niestety|wybacz)",
};

const CZECH: Language = Language {
    alone: r"jako\x20(?:\w+\x20)?(?:jazykový\x20model|umělá\x20inteligence|ai(?-u:\b))
        | (?:porušuje|v\x20rozporu\x20s)\x20(?:\w+\x20){0,2}(?:zásad\w+|pravid\w+|pokyn\w+)",
    declines: r"(?:nemohu|nemůžu|nemůžeme|nejsem\x20schop|nesmím|nedokážu|nebudu|odmítám|musím\x20odmítnout)",
    works: r"(?:vygenerova|generova|vytvoři|přepsa|přeformulova|parafrázova|splnit|vyhovět|poskytnou|zpracova)",
    helps: r"(?:napsat|psát|pomoc|pomáh|odpověd|pokračova|udělat|odmítnou)",
    object: r"(?:požadav|žádost|obsah|text|zpráv|úkol|větu|s\x20t[ií]m(?:to)?(?:\W*$|\x20)|takov|tento\x20(?:typ|druh))",
    sorry: r"(?:líto|omlouvám|bohužel|promiň)",
};

const RUSSIAN: Language = Language {
    alone: r"(?:как|будучи|являясь|я\x20(?:всего\x20лишь\x20|просто\x20)?—?\x20?)\x20?(?:языков(?:ая|ой)\x20модель?ю?|искусственн(?:ый|ым)\x20интеллект(?:ом)?|ии(?:[,.\x20]|$))
        | (?:нарушает|противоречит)\x20(?:\w+\x20){0,2}(?:правил|политик|принцип|рекомендаци)",
    declines: r"(?:не\x20(?:могу|можем|смогу|буду|имею\x20(?:возможности|права)|в\x20состоянии|способ|готов)|невозможно|вынужден\w*\x20отказ|отказываюсь|нельзя)",
    works: r"(?:сгенериров|генериров|создать|создавать|переписать|переписывать|перефразиров|переформулиров|выполнить|предоставить|удовлетвор|исполнить)",
    helps: r"(?:помочь|помогать|написать|писать|ответить|продолж|сделать|отказ)",
    object: r"(?:запрос|просьб|контент|содержани|текст|сообщени|задани|задач|фраз|предложени|с\x20этим|такого\x20рода|подобн|так(?:ой|ие|ое|ого))",
    sorry: r"(?:извини|сожалени|простите|жаль|прошу\x20прощения)",
};

const TURKISH: Language = Language {
    alone: r"(?:yapay\x20zeka|dil\x20modeli|yapay\x20zekâ)\x20?(?:\w+\x20)?(?:olarak|olduğum|asistanı\x20olarak)
        | (?:politika|kural|ilke|yönerge)\w*\x20(?:\w+\x20){0,2}(?:aykırı|ihlal)",
    declines: r"(?:\w+(?:amam|emem|amıyorum|emiyorum|amayız|emeyiz|amayacağım|emeyeceğim)(?-u:\b)|reddet\w+|mümkün\x20değil|uygun\x20değil)",
    works: r"(?:oluştur|üret|yeniden\x20yaz|yerine\x20getir|yardımcı\x20ol|sağla)",
    helps: r"(?:yaz|yardım|cevap|yanıt|yap|devam)",
    object: r"(?:istek|isteğ|istem|talep|taleb|içerik|içeriğ|metin|metn|mesaj|görev|bu\x20konuda|bu\x20tür|böyle)",
    sorry: r"(?:üzgünüm|maalesef|kusura|özür|affedersin|ne\x20yazık)",
};

const CHINESE: Language = Language {
    alone: r"(?:作为|作為|身为|身為|我(?:只)?是)(?:一个|一個|一名|一款|一种|個|个)?.{0,6}(?:ai|人工智能|人工智慧|语言模型|語言模型|智能助手|大模型)
        | (?:违反|違反|不符合).{0,10}(?:政策|准则|準則|规定|規定|规范|規範|原则)",
    declines: r"(?:无法|無法|不能|不可以|没办法|沒辦法|不便|拒绝|拒絕|不会|不會|不方便|不宜)",
    works: r"(?:生成|撰写|撰寫|编写|編寫|改写|改寫|提供|协助|協助|满足|滿足|创作|創作|处理|處理|重写|重寫)",
    helps: r"(?:帮|幫|写|寫|完成|回答|继续|繼續|做|回应|回應)",
    object: r"(?:请求|請求|要求|内容|內容|文本|文字|信息|资讯|任务|任務|此类|此類|这类|這類|这样的|這樣的|句子|消息|您|指令|问题|問題)",
    sorry: r"(?:抱歉|对不起|對不起|遗憾|遺憾|不好意思)",
};

const JAPANESE: Language = Language {
    alone: r"(?:ai|人工知能|言語モデル|アシスタント)(?:として|なので|ですので|であるため|です。)
        | (?:ポリシー|ガイドライン|利用規約|規約).{0,12}(?:違反|反し|反する|抵触)",
    declines: r"(?:できません|できかねます|出来ません|いたしかねます|致しかねます|お断り|できない|応じられ|控えさせ|難しいです|しかねます)",
    works: r"(?:生成|作成|提供|書き換え|書き直|言い換え|執筆|対応|お応え|応じ|お手伝い|お受け)",
    helps: r"(?:書く|書け|回答|答え|手伝|協力|続け|お断り)",
    object: r"(?:リクエスト|ご依頼|依頼|ご要望|要望|ご要求|内容|文章|テキスト|コンテンツ|文を|メッセージ|そのような|このような|こちら)",
    sorry: r"(?:申し訳|すみません|恐れ入り|残念|ごめんなさい|恐縮)",
};

const KOREAN: Language = Language {
    alone: r"(?:ai|인공지능|언어\s?모델|챗봇|어시스턴트)(?:로서|이기\s?때문|이므로|라서|입니다|이라)
        | (?:정책|가이드라인|지침|약관).{0,10}(?:위반|위배|어긋|반하)",
    declines: r"(?:수\s?없|불가능|어렵습니다|어려울|못합니다|거절|거부|드리기\s?어렵|않겠습니다|못해)",
    works: r"(?:생성|작성|제공|바꿔\s?쓸|다시\s?쓸|재작성|수행|처리|도와드|도움을\s?드|응할|응해|지원)",
    helps: r"(?:쓸|써|답변|도울|도와|계속|만들)",
    object: r"(?:요청|요구|콘텐츠|내용|텍스트|문장|메시지|글을|작업|그런|이런|해당)",
    sorry: r"(?:죄송|미안|유감|안타깝|아쉽)",
};

const ARABIC: Language = Language {
    alone: r"(?:بصفتي|باعتباري|كوني|كنموذج|أنا\x20مجرد|بوصفي).{0,20}(?:نموذج|ذكاء|لغوي|مساعد|لغة)
        | (?:ينتهك|يخالف|يتعارض\x20مع|مخالف).{0,16}(?:سياس|إرشاد|مبادئ|قواعد)",
    declines: r"(?:لا\x20(?:أستطيع|استطيع|يمكنني|أقدر|يمكن)|لن\x20(?:أستطيع|أتمكن|أقوم)|لست\x20قادر|غير\x20قادر|أرفض|أعتذر\x20عن|يتعذر)",
    works: r"(?:إنشاء|توليد|إعادة\x20(?:صياغة|كتابة)|تقديم|تلبية|إنتاج|صياغة|تنفيذ|المساعدة|مساعدتك)",
    helps: r"(?:كتابة|مساعدة|الإجابة|الرد|متابعة|القيام)",
    object: r"(?:الطلب|طلبك|المحتوى|محتوى|النص|نص|الرسالة|المهمة|هذا\x20النوع|ذلك|مثل\x20هذا)",
    sorry: r"(?:آسف|عذر|أعتذر|للأسف|معذرة)",
};

const HINDI: Language = Language {
    alone: r"(?:एआई|ai|भाषा\s?मॉडल|कृत्रिम\s?बुद्धि\S*).{0,24}(?:के\x20रूप\x20में|होने\x20के\x20नाते|हूँ|हूं)
        | (?:नीति|नीतियों|दिशानिर्देश\S*|नियमों).{0,16}(?:उल्लंघन|खिलाफ|विरुद्ध)",
    declines: r"(?:नहीं\x20(?:कर|लिख|बना|दे|पूरा)|असमर्थ|सकता\x20नहीं|नहीं\x20सकत|मना\x20करना|अस्वीकार)",
    works: r"(?:उत्पन्न|जनरेट|तैयार|प्रदान|सहायता|दोबारा\x20लिख|फिर\x20से\x20लिख|पूरा)",
    helps: r"(?:मदद|लिख|बना|जवाब|उत्तर)",
    object: r"(?:अनुरोध|सामग्री|पाठ|टेक्स्ट|संदेश|कार्य|वाक्य|ऐसा|ऐसी|इस\x20तरह|इस\x20प्रकार)",
    sorry: r"(?:माफ़|माफ|क्षमा|खेद|दुर्भाग्य)",
};
