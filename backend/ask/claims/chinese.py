"""Chinese sentences that state or ask a relation, as patterns; the groups are those of `english`."""

from __future__ import annotations

import re

from backend.scene import Relation

_NAME = r"(?P<{}>(?:[^，。；！？、,.;!?\s“”\"]|(?<=[A-Za-z]) (?=[A-Za-z])){{1,40}}?)"
"""Without spaces, but for those between the words of an English name."""
_SIDED: dict[Relation, str] = {
    Relation.LEFT_OF: "左边|左侧|左面|左方|左手边",
    Relation.RIGHT_OF: "右边|右侧|右面|右方|右手边",
    Relation.ABOVE: "上边|上面|上方",
    Relation.BELOW: "下边|下面|下方|底下",
    Relation.IN_FRONT_OF: "前面|前方|前边|面前",
    Relation.BEHIND: "后面|后方|后边|背后",
    Relation.INSIDE: "里面|内部|里边|之内|里(?![程面边])",
    Relation.NEAR: "旁边|附近|边上|旁",
    Relation.ON: "上(?![午方面边角下次述升班当])",
}
_SIDE = "|".join(f"(?P<{relation.value}>{words})" for relation, words in _SIDED.items())
_NOT = "(?P<no>不|没有|没|并不|并没有)?"
_ASKING = "(?:吗|么|嘛|没有|\\?|？|呢)"
_OPEN = rf"(?!{_ASKING}|还是|了吗|了没有)"
"""What turns a statement into a question."""
_IS = "(?:是|正好|刚好|就|都|也|位于|放|摆|站|坐|躺|挂|停)?(?:放置|摆放)?"
_HIDE = "(?:完全|部分|稍微|大部分)?(?:挡住|遮住|遮挡|遮蔽|挡|盖住)"
_CAMERA = "(?:离|距离|距)?(?:相机|镜头|摄像机|我们|观察者)?"

STATED = re.compile(rf"{_NAME.format('s')}{_NOT}{_IS}\s?(?:在|位于)\s?{_NAME.format('o')}\s?的?\s?(?:{_SIDE}){_OPEN}")
BETWEEN = re.compile(
    rf"{_NAME.format('s')}{_NOT}{_IS}\s?(?:在|位于)\s?{_NAME.format('o')}(?:和|与|跟|、){_NAME.format('p')}(?:的)?(?:之间|中间|当中){_OPEN}"
)
CLOSE = re.compile(
    rf"{_NAME.format('s')}{_NOT}(?:靠近|紧挨着?|挨着|紧邻|临近)(?:着|了)?{_NAME.format('o')}(?=[，。；！,.;!\s]|$)"
)
ALIGNED = re.compile(
    rf"{_NAME.format('s')}(?:和|与|跟){_NAME.format('o')}{_NOT}(?:大致|基本)?(?:对齐|齐平|在同一(?:高度|水平线|水平)上?|一样高){_OPEN}"
)
DEPTH = re.compile(
    rf"{_NAME.format('s')}{_NOT}比{_NAME.format('o')}{_CAMERA}(?:更|要)?(?:(?P<in_front_of>近|靠前)|(?P<behind>远|靠后))(?:一些|一点|些|得多)?{_OPEN}"
)
HIDES = re.compile(
    rf"{_NAME.format('s')}{_NOT}(?P<occludes>{_HIDE})(?:了|着|到)?{_NAME.format('o')}(?=的?一部分|[，。；！,.;!\s]|$)"
)
HIDDEN = re.compile(rf"{_NAME.format('o')}{_NOT}被{_NAME.format('s')}(?P<occludes>{_HIDE}){_OPEN}")
EXTREME = re.compile(
    rf"{_NAME.format('s')}{_NOT}是?(?:离|距离|距)?(?:相机|镜头|我们)?最(?:(?P<nearest>近|靠前)|(?P<farthest>远|靠后))的?"
    rf"(?P<o>[^，。；！？,.;!?\s]{{0,20}}){_OPEN}"
)
EXTREME_FIRST = re.compile(
    rf"最(?:(?P<nearest>近)|(?P<farthest>远))的(?P<o>[^，。；！？,.;!?\s]{{0,20}}?)(?P<no>不)?是(?!哪){_NAME.format('s')}(?=[，。；！,.;!\s]|$)"
)
OWN = re.compile(
    rf"{_NAME.format('s')}{_NOT}{_IS}在{_NAME.format('o')}(?:自己|自身)的?(?:(?P<left_of>左[边侧]?)|(?P<right_of>右[边侧]?)|(?P<in_front_of>前[面方]?)|(?P<behind>后[面方]?)){_OPEN}"
)
VIEWER = re.compile(
    r"从(?!相机|镜头|摄像机|图|画面|上|下|左|右|前|后|侧)[^，。；！？\s]{1,20}?的?(?:角度|视角|位置|方向)(?:来?看|看去|出发)?"
)

_START = r"(?:^|[，,。：:；\n“]|空间关系。|请问|请判断|判断)\s*"
_WHETHER = "(?:是不是|是否|是)?"
ASKED = re.compile(rf"{_START}{_NAME.format('s')}{_WHETHER}(?:位于|在){_NAME.format('o')}的?(?:{_SIDE})(?:吗|么|嘛|？|\?|还是)")
ASKED_BETWEEN = re.compile(
    rf"{_START}{_NAME.format('s')}{_WHETHER}(?:位于|在){_NAME.format('o')}(?:和|与|跟){_NAME.format('p')}的?(?:之间|中间)(?:吗|么|？|\?)"
)
ASKED_DEPTH = re.compile(
    rf"{_START}{_NAME.format('s')}{_WHETHER}比{_NAME.format('o')}{_CAMERA}(?:更|要)?(?:(?P<in_front_of>近|靠前)|(?P<behind>远|靠后))(?:一些|一点|些)?(?:吗|么|？|\?)"
)
ASKED_HIDES = re.compile(
    rf"{_START}{_NAME.format('s')}(?:有没有|是否|是不是)?(?P<occludes>{_HIDE})(?:了|着|到)?{_NAME.format('o')}(?:了吗|吗|么|没有|？|\?)"
)
ASKED_HIDDEN = re.compile(
    rf"{_START}{_NAME.format('o')}(?:有没有|是否|是不是)?被{_NAME.format('s')}(?P<occludes>{_HIDE})(?:了吗|吗|了没有|么|？|\?)"
)
WHICH = re.compile(
    r"(?:哪一?[个只辆张把台])(?P<o>[^，。；！？,.;!?\s]{0,20}?)(?:离|距离|距)?(?:相机|镜头|我们)?最(?:(?P<nearest>近)|(?P<farthest>远))"
    r"|最(?:(?P<nearest_>近)|(?P<farthest_>远))的(?P<o_>[^，。；！？,.;!?\s]{0,20}?)是哪(?:一?[个只辆张把台])?(?P<o__>[^，。；！？,.;!?\s]{0,20})"
)

AFFIRMED = re.compile(r"^\s*(?:是的|对|是[，。]|正确|没错|有)")
DENIED = re.compile(r"^\s*(?:不是|不对|否|错|没有(?![^，。]))")
ABSENT = re.compile("(?:图中|画面中|图片中|这里)?(?:并?没有(?!挡|遮|盖|被)|不存在|看不到|找不到|未发现)")
