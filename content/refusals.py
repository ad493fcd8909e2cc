"""What models say instead of writing: that they will not, may not or cannot."""

import re

__all__ = ["REFUSAL"]

REFUSAL = re.compile(
    r"""\b(?:
        (?:i|we)(?:['’]m|['’]re|\ am|\ are|\ must|\ have\ to)?\ (?:(?:very|so|truly|
            really)\ )?(?:sorry|afraid|unable|apologi[sz]e|decline|refuse)\b|
        i\ (?:can\s?no?t|can['’]t|won['’]t|will\ not|do\ not|don['’]t|could\ not|
            couldn['’]t|should\ not|am\ not\ (?:able|allowed|permitted|comfortable|
            programmed|designed)|prefer\ not)\ (?:to\ )?(?:help|assist|provide|write|
            create|generate|fulfill?|comply|answer|respond|discuss|engage|continue|
            produce|support|feel\ comfortable|have\ (?:personal|access|feelings|
            opinions|the\ ability)|in\ good\ conscience)|
        i['’]m\ (?:just|only|merely|not\ (?:able|allowed|permitted|comfortable|
            programmed|designed)|an?\ (?:ai|language|large|virtual|bot))|
        (?:my|our)\ (?:apologies|guidelines|programming|training|policy|policies|
            purpose\ is)|
        (?:against|violates?|goes\ against)\ (?:my|our|the|content|usage)\ (?:content\ |
            usage\ |ethical\ |safety\ )?(?:guidelines?|polic(?:y|ies)|programming|
            principles|rules)|
        as\ an?\ (?:ai|artificial\ intelligence|(?:large\ )?language\ model|
            virtual\ assistant|responsible\ (?:ai|assistant))|
        is\ there\ (?:anything|something)\ else\ i\ can|
        (?:let\ me\ know|please)\ (?:if\ you\ (?:have|need)|rephrase|provide\ more)|
        (?:this|your|that)\ (?:request|prompt)\ (?:cannot|can['’]t|violates|goes)|
        (?:unable|not\ able)\ to\ (?:assist|help|fulfill?|comply|generate|provide)|
        (?:knowledge|training)\ cut-?off
    )\b|
    (?:很|非常|十分|真的)?(?:抱歉|对不起|不好意思)[，,！!。 ]?(?:但|可是|不过)?[，,]?
        (?:我|这|作为|您|你|无法|不能)|
    我(?:只是|是)一?[个名款]?(?:ai|人工智能|语言模型|虚拟|聊天)|
    作为一?[个名款]?(?:由\w+开发的)?(?:大型)?
        (?:ai|人工智能|语言模型|大语言模型|虚拟助手)|
    我(?:目前|暂时|现在)?(?:还)?(?:无法|不能|不会|没办法|没有办法|不可以|拒绝|不便|没有能力)
        (?:为您|为你|给您|给你|对此|直接|继续)?(?:回答|提供|帮助|生成|创作|撰写|写|满足|
        协助|完成|讨论|处理|参与|执行|访问|给出)|
    (?:违反|不符合|违背)了?(?:我的|我们的|相关|使用|内容|安全)\w{0,4}
        (?:准则|政策|规定|原则|规范)|
    (?:您|你)的(?:请求|要求|问题)(?:无法|不能|违反|不符合|超出)|
    请(?:换一?个|重新)(?:问题|话题|提问|描述)|(?:无法|不能)满足(?:您|你|这个|该)的?(?:请求|要求)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""In English and Chinese. A text of people seldom has it; where they are quoted, only
what no person says counts (`quality.SELF`)."""
