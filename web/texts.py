"""Every word of the page, by language."""

from html import escape

from mnist_models.record import SERVED

ENGLISH = "en"
"""The language of programs, and of people whose own the page does not speak."""

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Two readings of a digit",
        "subtitle": "Draw one, and a convolutional network and a linear model read it as you draw.",
        "draw": "Draw",
        "upload": "Upload",
        "canvas": "Drawing pad: draw one digit with mouse, pen or finger",
        "invitation": "Draw a digit, 0 to 9",
        "undo": "Undo",
        "clear": "Clear",
        "picture": "Picture of one handwritten digit",
        "drop": "Drop a picture here,\nor choose one",
        "cnn": "Convolutional network",
        "linear": "Linear model",
        "cnn_way": "Finds strokes and shapes",
        "linear_way": "Weighs pixel by pixel",
        "digit": "The 28 by 28 pixels that both models saw",
        "digit_empty": "Nothing drawn yet",
        "seen": "This is what both models see: 28 by 28 pixels.",
        "waiting": "Both wait for a digit.",
        "agree": "Both read {cnn}.",
        "differ": "They differ: the network reads {cnn}, the linear model {linear}.",
        "score": "score of {label}: {score}",
        "for": "spoke for the digit,",
        "against": "against it.",
        "evidence": "Each map adds up to the score below it. Press a row for that digit's map.",
        "several": "More than one digit? Both models expect one.",
        "doubt": "The network doubts that this is a digit.",
        "unsure": "The linear model is not sure that this is a digit.",
        "examples": "Or try one of these",
        "private": "Nothing you draw is kept, and what you upload is deleted within the hour.",
        "bundled": "bundled copy",
        "read_tab": "Read",
        "compare_tab": "How they compare",
        "code_tab": "Use it from code",
        "code": "Copy one, and name a picture of your own instead of digit.png.",
        "templates": "What the linear model looks for: its weights for each digit, 0 to 9",
        "ways": "What they do differently",
        "cnn_does": "slides small filters over the picture, layer upon layer: the first find "
        "edges, the next strokes made of edges, the last curves and crossings, wherever these "
        "stand. What is found in each part of the picture speaks for some digits and "
        "against others.",
        "linear_does": "has one weight per pixel and digit, and adds up the weights that lie under "
        "the ink. It knows no stroke: move or slant a digit, and other weights lie under it.",
        "table": "Every network, measured on the same test digits",
        "learning": "How they learned, epoch by epoch",
        "lines": "Solid: validation digits. Dashed: training digits, as they were shown.",
        "wrong": "Read wrong",
        "loss": "Loss",
        "told": "{first} after the first of {epochs} epochs, {last} after the last.",
        "calibration": "Are they right as often as they are sure?",
        "axes": "Up: how often right. Across: how sure.",
        "sure": "on average {sure} sure and {right} right; over ten bins the two lie {gap} apart "
        "(expected calibration error).",
        "reading": "People's pen strokes read right",
        "drawn": "drawn on a pad",
        "photographed": "as on a photograph of paper",
        "own_road": "as this page reads",
        "squashed": "merely squashed to 28 by 28",
        "otsu": "by Otsu's threshold",
        "doubting": "How often they doubt",
        "doubt_goal": "Digits should raise no doubt, everything else should.",
        "robustness": "Disturbed test digits read right",
        "compared": "The network alone is right on {first} test digits, the linear model alone on "
        "{second}. Were both equally good, chance would part them so with p {chance} (McNemar).",
        "misread": "{model}: test digits read wrong, with label and answer",
        "confusion": "Which digits they confuse",
        "confused": "{model}: {errors} of {digits} read wrong, most often {pairs}. "
        "Rows: written; columns: read.",
        "PictureError": "The picture cannot be read. Send another one, as PNG, JPEG, WebP or TIFF, "
        "of at most 20 MB.",
        "NoInkError": "The picture is blank: nothing in it stands out. Draw or send one digit.",
        "damaged_drawing": "The drawing did not arrive as a picture. Clear the pad and draw again.",
        "not_uploaded": "The picture did not arrive as an uploaded file. Upload it and try again.",
        "broken_json": "The call is not JSON. Send what the API's page describes.",
        "wrong_call": "No function here takes such a call. Send what the API's page describes.",
        "body_too_long": "The request is too long: pictures may have 20 MB, anything else 1 MB.",
        "body_too_slow": "The request did not arrive within a minute. Send it again.",
        "too_busy": "Too much is arriving at once. Send the request again in a minute.",
        "no_event": "No call waits for its answer under this name. Make the call again.",
        "no_picture": "No picture arrived. Send one as form field file or image, or as the body.",
        "broken_form": "The form is damaged or holds more than one file. Send one picture in it.",
        "not_a_picture": "Received {kind}, expected a picture. Send the picture file itself.",
        "not_a_list": "A list of 1 to {most} pictures was expected. Send them in several calls.",
    },
    "pt": {
        "title": "Duas leituras de um dígito",
        "subtitle": "Uma rede convolucional e um modelo linear o leem enquanto você desenha.",
        "draw": "Desenhar",
        "upload": "Enviar",
        "canvas": "Área de desenho: desenhe um dígito com mouse, caneta ou dedo",
        "invitation": "Desenhe um dígito, de 0 a 9",
        "undo": "Desfazer",
        "clear": "Limpar",
        "picture": "Imagem de um dígito escrito à mão",
        "drop": "Solte uma imagem aqui\nou escolha uma",
        "cnn": "Rede convolucional",
        "linear": "Modelo linear",
        "cnn_way": "Encontra traços e formas",
        "linear_way": "Pesa pixel por pixel",
        "digit": "Os 28 por 28 pixels que os dois modelos viram",
        "digit_empty": "Nada desenhado ainda",
        "seen": "É isto que os dois modelos veem: 28 por 28 pixels.",
        "waiting": "Os dois esperam um dígito.",
        "agree": "Os dois leem {cnn}.",
        "differ": "Eles discordam: a rede lê {cnn}, o modelo linear lê {linear}.",
        "score": "pontos do {label}: {score}",
        "for": "falou a favor do dígito,",
        "against": "contra.",
        "evidence": "Cada mapa somado dá os pontos abaixo dele. Toque numa linha para ver o dela.",
        "several": "Mais de um dígito? Os dois modelos esperam um só.",
        "doubt": "A rede duvida que isto seja um dígito.",
        "unsure": "O modelo linear não tem certeza de que isto seja um dígito.",
        "examples": "Ou experimente um destes",
        "private": "Nada do que você desenha é guardado; o que envia é apagado em até uma hora.",
        "bundled": "cópia incluída",
        "read_tab": "Ler",
        "compare_tab": "Comparação",
        "code_tab": "Usar em código",
        "code": "Copie um trecho e troque digit.png por uma imagem sua.",
        "templates": "O que o modelo linear procura: seus pesos para cada dígito, de 0 a 9",
        "ways": "O que eles fazem de diferente",
        "cnn_does": "passa pequenos filtros sobre a imagem, camada sobre camada: as primeiras "
        "encontram bordas, as seguintes traços feitos de bordas, as últimas curvas e cruzamentos, "
        "onde quer que estejam. O que se encontra em cada parte da imagem fala a favor de alguns "
        "dígitos e contra outros.",
        "linear_does": "tem um peso por pixel e dígito, e soma os pesos que ficam sob a tinta. Não "
        "conhece traços: mova ou incline o dígito, e outros pesos ficam sob ele.",
        "table": "Todas as redes, medidas nos mesmos dígitos de teste",
        "learning": "Como aprenderam, época por época",
        "lines": "Linha cheia: dígitos de validação. Tracejada: os de treino, como mostrados.",
        "wrong": "Lidos errado",
        "loss": "Perda",
        "told": "{first} após a primeira de {epochs} épocas, {last} após a última.",
        "calibration": "Acertam tanto quanto têm certeza?",
        "axes": "Vertical: quanto acertam. Horizontal: quanta certeza têm.",
        "sure": "em média {sure} de certeza e {right} de acerto; em dez faixas, os dois diferem em "
        "{gap} (erro de calibração esperado).",
        "reading": "Traços de caneta de pessoas lidos certo",
        "drawn": "desenhados na área",
        "photographed": "como numa foto de papel",
        "own_road": "como esta página lê",
        "squashed": "só reduzidos a 28 por 28",
        "otsu": "pelo limiar de Otsu",
        "doubting": "Com que frequência duvidam",
        "doubt_goal": "Dígitos não deveriam levantar dúvida; todo o resto, sim.",
        "robustness": "Dígitos de teste perturbados lidos certo",
        "compared": "Só a rede acerta em {first} dígitos de teste, só o modelo linear em {second}. "
        "Fossem igualmente bons, o acaso os separaria assim com p {chance} (McNemar).",
        "misread": "{model}: dígitos de teste lidos errado, com rótulo e resposta",
        "confusion": "Que dígitos eles confundem",
        "confused": "{model}: {errors} de {digits} lidos errado, mais vezes {pairs}. "
        "Linhas: escrito; colunas: lido.",
        "PictureError": "A imagem não pôde ser lida. Envie outra, em PNG, JPEG, WebP ou TIFF, com "
        "no máximo 20 MB.",
        "NoInkError": "A imagem está em branco: nada nela se destaca. Desenhe ou envie um dígito.",
        "damaged_drawing": "O desenho não chegou como imagem. Limpe a área e desenhe de novo.",
        "not_uploaded": "A imagem não chegou como arquivo enviado. Envie-a e tente de novo.",
        "broken_json": "O pedido não é JSON. Envie o que a página da API descreve.",
        "wrong_call": "Nenhuma função recebe tal pedido. Envie o que a página da API descreve.",
        "body_too_long": "O pedido é longo demais: imagens podem ter 20 MB, o resto 1 MB.",
        "body_too_slow": "O pedido não chegou em um minuto. Envie-o de novo.",
        "too_busy": "Chegam pedidos demais ao mesmo tempo. Envie o seu de novo em um minuto.",
        "no_event": "Nenhum pedido espera resposta com este nome. Faça o pedido de novo.",
        "no_picture": "Nenhuma imagem chegou. Envie uma no campo file ou image, ou como corpo.",
        "broken_form": "O formulário está danificado ou tem mais de um arquivo. Envie uma imagem.",
        "not_a_picture": "Chegou {kind}, esperava-se uma imagem. Envie o próprio arquivo dela.",
        "not_a_list": "Esperava-se uma lista de 1 a {most} imagens. Envie-as em vários pedidos.",
    },
}


def text(key: str, language: str = ENGLISH, **values: str) -> str:
    """Return one text of the page, with its gaps filled.

    Args:
        key: Its name in `TEXTS`.
        language: Its language in `TEXTS`.
        **values: What fills the gaps.
    """
    return TEXTS[language][key].format(**values)


def choose_language(accepted: str) -> str:
    """Choose a language of `TEXTS` by what the browser asks for, as the page's templates do.

    Args:
        accepted: The header `Accept-Language`, whose first language is the visitor's.
    """
    language = accepted.strip()[:2].lower()
    return language if language in TEXTS else ENGLISH


def word_error(error: Exception, language: str) -> str:
    """Word an error for a visitor.

    Other languages tell less than English where a message is not among the texts: only its kind.
    """
    if language == ENGLISH:
        return str(error)
    same = [key for key, words in TEXTS[ENGLISH].items() if words == str(error)]
    return text(same[0] if same else type(error).__name__, language)


def as_html(tag: str, content: str, **attributes: str) -> str:
    """Wrap words in an HTML element; neither words nor attributes can break out of it."""
    names = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{names}>{escape(content, quote=False)}</{tag}>"


def title(name: str, language: str) -> str:
    """Return a network's name for people."""
    return text(name, language) if name in SERVED else name


def tell(name: str, words: str, language: str) -> str:
    """Say something of a network, in its color."""
    return f'<p class="{name}">{as_html("b", title(name, language))}: {escape(words)}</p>'
