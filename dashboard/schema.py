"""The tables an office keeps: the one place that names a table, a column or a header.

Reading, checking, messages, templates and the data page all come from `TABLES`. A column's `headers` are the words
found above it in Chinese files; its own name is always accepted too, and letter case, spaces, units in brackets
and punctuation never matter (`normalised`).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

WHOLE_REGION = "*"  # department_id of a figure that belongs to a region as a whole, never ranked
PERIOD, YEAR_TO_DATE, DIFFERENCED = "period", "ytd", "differenced"


class Kind(StrEnum):
    """What a cell may hold; `importing.cells` has one reader for each."""

    TEXT = "text"
    CODE = "code"  # a word of a vocabulary
    DEPARTMENT = "department"  # id or name of a department, stored as its id
    QUARTER = "quarter"  # 2026Q3
    MONTH = "month"  # 2026-07
    YEAR = "year"
    DATE = "date"
    COUNT = "count"  # whole number ≥ 0
    NUMBER = "number"  # number ≥ 0
    SIGNED = "signed"  # any number
    SCORE = "score"  # number inside the declared scale, stored on 0–100
    BOOL = "bool"


ARROW = {
    Kind.COUNT: pa.int64(),
    Kind.YEAR: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.SIGNED: pa.float64(),
    Kind.SCORE: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.DATE: pa.date32(),
}


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind
    headers: tuple[str, ...] = ()
    required: bool = True  # the column must be there
    filled: bool = True  # each cell of it must be filled
    vocabulary: str = ""
    default: str | None = None  # the value of an absent column, where the contract names one
    unit: str = ""  # a code that i18n words (`unit.<code>`); every number has one

    @property
    def arrow(self) -> pa.DataType:
        return ARROW.get(self.kind, pa.string())


@dataclass(frozen=True)
class Table:
    name: str
    headers: tuple[str, ...]  # the table's own names in Chinese files
    key: tuple[str, ...]  # besides region_id (`whole_key`)
    columns: tuple[Column, ...]
    by_region: bool = True  # raw files are split by region, and …
    partition: str = ""  # … by the values of this column; none: one file a region
    grain: str = ""  # the period column of flows, which a year-to-date import differences
    flows: tuple[str, ...] = ()  # counts that add up over the quarters of a year
    at_most: tuple[tuple[str, str], ...] = ()  # (part, whole): in every row the first is at most the second

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def whole_key(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(("region_id",) if "region_id" in self.names else ()), *self.key)))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def arrow(self) -> pa.Schema:
        return pa.schema([(column.name, column.arrow) for column in self.columns])


def normalised(header: str) -> str:
    """A header without what people vary: case, spaces, width, units in brackets, punctuation."""
    text = unicodedata.normalize("NFKC", str(header)).strip().casefold()
    text = re.sub(r"[(\[【].*?[)\]】]", "", text)
    return re.sub(r"[\W_]+", "", text)


def _column(kind: Kind, name: str, headers: str = "", **options) -> Column:
    """`name?` marks a column that may be absent; its cells may be empty too."""
    optional = name.endswith("?")
    options.setdefault("required", not optional)
    options.setdefault("filled", not optional)
    return Column(name.rstrip("?"), kind, tuple(headers.split()), **options)


def text(name: str, headers: str = "", **options) -> Column:
    return _column(Kind.TEXT, name, headers, **options)


def code(vocabulary: str, name: str, headers: str = "", **options) -> Column:
    return _column(Kind.CODE, name, headers, vocabulary=vocabulary, **options)


def count(name: str, headers: str = "", **options) -> Column:
    return _column(Kind.COUNT, name, headers, **{"unit": "item", **options})


def score(name: str, headers: str = "", **options) -> Column:
    return _column(Kind.SCORE, name, headers, unit="point", **options)


def number(name: str, headers: str = "", **options) -> Column:
    return _column(Kind.NUMBER, name, headers, **options)


def flag(name: str, headers: str = "", **options) -> Column:
    return _column(Kind.BOOL, name, headers, **options)


def day(name: str, headers: str = "", **options) -> Column:
    return _column(Kind.DATE, name, headers, **options)


REGION = text("region_id?", "地区 地区编号 地区代码 区划代码 行政区划", filled=True)
QUARTER = _column(Kind.QUARTER, "quarter", "季度 季 统计季度 考核季度 评价季度 报告期 期间")
DEPARTMENT = _column(
    Kind.DEPARTMENT,
    "department_id",
    "部门 单位 部门编号 部门代码 单位编号 单位代码 部门名称 单位名称 被评单位 测评对象 承办单位 责任单位"
    " department unit",
)
BASIS = text("basis?", default=PERIOD)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "vocabulary",
            ("词表",),
            key=("vocabulary", "code"),
            by_region=False,
            columns=(
                text("vocabulary", "词表"),
                text("code", "代码"),
                text("zh", "中文"),
                text("en", "英文", filled=False),
                text("aliases?", "别名"),
                text("mark?", "标记"),
            ),
        ),
        Table(
            "regions",
            ("地区",),
            key=("region_id",),
            by_region=False,
            columns=(
                text("region_id", "地区编号 地区代码 区划代码 行政区划代码"),
                text("name", "地区名称 名称"),
                text("name_en?", "英文名 英文名称"),
                text("parent_id?", "上级地区 上级编号 上级地区编号 上级代码"),
            ),
        ),
        Table(
            "departments",
            ("部门", "单位名录"),
            key=("department_id",),
            at_most=(("valid_from", "valid_to"),),
            columns=(
                REGION,
                text("department_id", "部门编号 部门代码 单位编号 单位代码"),
                text("name", "部门名称 单位名称 名称 部门 单位"),
                text("name_en?", "英文名 英文名称"),
                text("short_name?", "简称"),
                code("category", "category", "类别 序列 分组 同类组 部门类别 单位类别"),
                day("valid_from?", "启用日期 生效日期 成立日期"),
                day("valid_to?", "停用日期 失效日期 撤销日期"),
                text("successor?", "承接部门 并入部门 承继部门"),
            ),
        ),
        Table(
            "department_facts",
            ("部门概况", "部门情况"),
            key=("quarter", "department_id"),
            partition="quarter",
            columns=(
                REGION,
                QUARTER,
                DEPARTMENT,
                count("staff", "人数 编制 编制数 职工数 在编人数 工作人员 干部职工数", filled=False, unit="person"),
                count("transactions?", "办件量 业务量 办理量 办件数"),
                number("budget_10k?", "预算 预算万元 经费", unit="ten_thousand"),
                flag("key_supervision?", "重点监督 重点监督名单 列入重点 是否重点 重点部门"),
            ),
        ),
        Table(
            "evaluations",
            ("民主测评", "测评"),
            key=("quarter", "department_id", "rater_id", "dimension", "ballot_id"),
            partition="quarter",
            columns=(
                REGION,
                QUARTER,
                DEPARTMENT,
                text("rater_id", "测评人 测评人编号 评委 评委编号 测评人代码 rater"),
                code("rater_group", "rater_group?", "测评主体 测评人类别 评价主体 主体类别 测评主体类别"),
                code("dimension", "dimension", "维度 评价维度 测评维度 测评项目 指标"),
                score("score", "得分 分数 评分 分值 打分"),
                text("ballot_id?", "测评票 票号 测评票编号 选票编号"),
                number("scale_min?"),
                number("scale_max?"),
            ),
        ),
        Table(
            "complaints",
            ("投诉举报", "投诉", "信访举报"),
            key=("quarter", "month", "department_id", "channel", "category"),
            partition="quarter",
            grain="quarter",
            flows=(
                "received",
                "closed",
                "substantiated",
                "handled_on_time",
                "dissatisfied",
                "rated",
                "consultations",
            ),
            at_most=(("dissatisfied", "rated"), ("substantiated", "closed"), ("handled_on_time", "closed")),
            columns=(
                REGION,
                QUARTER,
                _column(Kind.MONTH, "month?", "月份 月 月度 统计月份"),
                DEPARTMENT,
                code("channel", "channel", "渠道 来源渠道 受理渠道 方式"),
                code("complaint_category", "category", "类别 投诉类别 问题类别 事项类别 诉求类别"),
                count("received", "受理 受理数 受理件数 收到 收件 件数 投诉件数 受理量"),
                count("closed?", "办结 办结数 办结件数"),
                count("substantiated?", "属实 属实件数 查实 查实件数"),
                count("handled_on_time?", "按期办结 按时办结 限时办结 按期办结数"),
                count("dissatisfied?", "不满意 不满意数 不满意件数"),
                count("rated?", "参评 参评数 评价数 回访评价数"),
                count("consultations?", "咨询 咨询数 咨询件数"),
                BASIS,
            ),
        ),
        Table(
            "cases",
            ("案件", "案件办理"),
            key=("quarter", "department_id", "source", "domain", "found_at", "rank_band"),
            partition="quarter",
            grain="quarter",
            flows=(
                *("leads", "leads_dismissed", "leads_inquired", "leads_in_verification", "leads_pending"),
                *("filed", "closed", "exempted", "withdrawn", "cases_sanctioned", "people_sanctioned"),
                *("party_sanctions", "administrative_sanctions", "first_form", "second_form", "third_form"),
                *("fourth_form", "transferred", "leaders_accountable", "revisit_due", "revisited"),
            ),
            columns=(
                REGION,
                QUARTER,
                DEPARTMENT,
                code("source", "source", "线索来源 来源"),
                code("domain", "domain", "领域 环节 权力领域"),
                code("found_at", "found_at", "发现阶段 发现环节 监督阶段"),
                code("rank_band", "rank_band?", "职级 级别", default="all", filled=True),
                count("leads", "问题线索 线索 线索数 处置问题线索", filled=False),
                count("leads_dismissed?", "予以了结 了结"),
                count("leads_inquired?", "谈话函询"),
                count("leads_in_verification?", "初步核实 初核"),
                count("leads_pending?", "暂存待查"),
                count("filed", "立案 立案数", filled=False),
                count("open_overdue?", "超期未结 逾期未结"),
                count("closed", "结案 结案数", filled=False),
                count("exempted?", "免予处分"),
                count("withdrawn?", "撤案 撤销案件"),
                count("cases_sanctioned", "处分案件 给予处分案件", filled=False),
                count("people_sanctioned", "处分人数 处分 党纪政务处分", filled=False, unit="person"),
                count("party_sanctions?", "党纪处分", unit="person"),
                count("administrative_sanctions?", "政务处分", unit="person"),
                count("first_form?", "第一种形态", unit="person_time"),
                count("second_form?", "第二种形态", unit="person_time"),
                count("third_form?", "第三种形态", unit="person_time"),
                count("fourth_form?", "第四种形态", unit="person_time"),
                count("transferred?", "移送司法 移送司法机关", unit="person"),
                count("leaders_accountable", "问责领导 领导责任追究 问责领导人数", filled=False, unit="person"),
                count("revisit_due?", "应回访 应回访数"),
                count("revisited", "已回访 回访 回访数", filled=False),
                BASIS,
            ),
        ),
        Table(
            "assessments",
            ("考核", "年度考核"),
            key=("year", "department_id", "kind", "dimension"),
            partition="year",
            columns=(
                REGION,
                _column(Kind.YEAR, "year", "年度 年 年份 考核年度"),
                DEPARTMENT,
                code("assessment_kind", "kind", "考核类型 类型 考核方式"),
                code("assessment_dimension", "dimension", "维度 考核维度 考核项目"),
                score("score", "得分 分数 考核得分"),
                score("self_score?", "自评 自评分 自评得分"),
                score("pass_mark?", "合格线 及格线 达标线"),
                day("assessed_on?", "考核日期 考核时间 评定日期"),
            ),
        ),
        Table(
            "supervision",
            ("监督活动", "监督"),
            key=("activity_id",),
            columns=(
                REGION,
                text("activity_id", "活动编号 监督编号 编号"),
                day("date", "日期 监督日期 开展日期"),
                DEPARTMENT,
                code("method", "method", "方式 监督方式 方法"),
                code("arrangement", "arrangement", "组织方式 组织形式"),
                code("form", "form", "形式 明察暗访"),
                code("scope", "scope", "范围 督察范围"),
                code("stage", "stage", "阶段 监督阶段 时点"),
                code("power_stage", "power_stage?", "权力阶段 用权阶段"),
                code("direction", "direction", "方向 监督方向"),
                code("object", "object", "对象 监督对象"),
                code("sphere", "sphere?", "点线面 层面"),
                code("focus", "focus", "重点 监督重点 内容"),
                code("level", "level", "层次 宏观微观"),
                code("trigger", "trigger", "启动方式 主动被动"),
                code("domain", "domain", "领域 权力领域"),
                count("findings", "发现问题 发现问题数 问题数", unit="finding"),
                count("notices", "督查通知书 通知书 发出通知书 通知书份数", unit="document"),
            ),
        ),
        Table(
            "notices",
            ("督查通知书", "整改"),
            key=("notice_id",),
            at_most=(("issued_on", "due_on"), ("issued_on", "rectified_on")),
            columns=(
                REGION,
                text("notice_id", "通知书编号 编号 文号"),
                text("activity_id", "活动编号 监督编号", filled=False),
                DEPARTMENT,
                code("domain", "domain", "领域 权力领域"),
                code("finding_type", "finding_type", "问题类型 问题类别"),
                day("issued_on", "发出日期 下发日期 印发日期"),
                day("due_on", "整改期限 限期 应整改日期"),
                day("rectified_on?", "整改日期 整改完成日期 完成日期"),
            ),
        ),
        Table(
            "powers",
            ("职权与风险点", "职权目录", "风险点"),
            key=("power_id", "valid_from"),
            at_most=(("valid_from", "valid_to"),),
            columns=(
                REGION,
                text("power_id", "职权编号 风险点编号 编号"),
                DEPARTMENT,
                text("name", "职权名称 职权 风险点 名称"),
                code("domain", "domain", "领域 权力领域"),
                text("subdomain?", "子领域 细分领域"),
                code("link", "link", "环节 权力环节"),
                text("basis?", "依据 法律依据 法定依据"),
                text("holder", "岗位 责任岗位 行使岗位"),
                code("risk_level", "risk_level", "风险等级 等级"),
                count("likelihood?", "可能性", unit="grade"),
                count("harm?", "危害 危害程度", unit="grade"),
                text("managed_by", "管理人 管理岗位 管理责任岗位"),
                code("managed_by_level", "managed_by_level", "管理层级 管理人层级"),
                text("measure?", "防控措施 防范措施 措施"),
                flag("has_check_step", "有制约环节 制约环节 审核环节"),
                flag("has_complaint_route", "有投诉渠道 投诉渠道"),
                flag("published", "公开 是否公开"),
                count("annual_uses?", "年行使次数 行使次数", unit="time"),
                number("annual_amount_10k?", "年涉及金额 年金额 金额", unit="ten_thousand"),
                day("rotation_due?", "轮岗日期 应轮岗日期"),
                day("valid_from?", "启用日期 生效日期"),
                day("valid_to?", "停用日期 失效日期"),
            ),
        ),
        Table(
            "decisions",
            ("三重一大", "决策"),
            key=("quarter", "department_id", "kind"),
            at_most=(
                *(("collective", "total"), ("voted", "total"), ("single_signature", "total"), ("attended", "total")),
                *(("asked_in_writing", "total"), ("open_tender", "total"), ("risk_assessed", "total")),
                ("published", "total"),
            ),
            partition="quarter",
            columns=(
                REGION,
                QUARTER,
                DEPARTMENT,
                code("decision_kind", "kind", "事项类型 事项 类型 决策类型"),
                count("total", "总数 事项数 合计", unit="matter"),
                count("collective", "集体决策 集体研究", unit="matter"),
                count("voted", "票决 表决", unit="matter"),
                count("single_signature", "一支笔 单人签批 一人签批", unit="matter"),
                count("attended", "派员列席 列席 纪检列席", unit="matter"),
                count("asked_in_writing?", "书面征求意见 征求纪委意见", unit="matter"),
                count("open_tender?", "公开招标 公开招投标", unit="matter"),
                count("risk_assessed", "风险评估", unit="matter"),
                count("published", "公开 已公开", unit="matter"),
            ),
        ),
        Table(
            "tasks",
            ("督办事项", "督办"),
            key=("task_id",),
            at_most=(("issued_on", "due_on"), ("issued_on", "closed_on")),
            columns=(
                REGION,
                text("task_id", "事项编号 督办编号 任务编号 编号"),
                DEPARTMENT,
                code("task_kind", "kind", "类型 事项类型"),
                text("title", "事项 督办事项 标题 任务 事项名称"),
                text("phase?", "阶段"),
                day("issued_on", "交办日期 下达日期"),
                day("due_on", "办结期限 期限 应办结日期"),
                day("closed_on?", "办结日期 完成日期"),
                flag("published", "公开 是否公开"),
            ),
        ),
        Table(
            "submissions",
            ("报送", "报送情况"),
            key=("quarter", "table", "department_id"),
            partition="quarter",
            columns=(
                REGION,
                QUARTER,
                code("table", "table", "报表 表 表名"),
                DEPARTMENT,
                day("received_on?", "收到日期 报送日期"),
            ),
        ),
        Table(
            "stated_figures",
            ("公布数字", "勾稽关系"),
            key=("figure_id",),
            columns=(
                REGION,
                text("figure_id", "编号 项目 id"),
                text("source?", "来源 出处"),
                code("check", "check", "关系 检查"),
                text("parts", "分项 各项", filled=False),
                _column(Kind.SIGNED, "stated", "公布数 合计数 通报数"),
                number("tolerance?", "容差 允许误差"),
            ),
        ),
    )
}

# What restatements changed, a row a cell; written by imports, never imported.
CORRECTIONS = pa.schema(
    [(name, pa.string()) for name in ("import_id", "table", "region_id", "period", "key", "column", "old", "new")]
)

# Tables by the quarter whose counts add up: their rows that are totals are kept for the arithmetic audit, a row a
# figure, with the parts of the key that it names; written by imports, never imported.
ADDED_UP = ("complaints", "cases", "decisions", "department_facts")
TOTAL_KEY = (
    *("table", "region_id", "quarter", "month", "department_id", "channel", "category"),
    *("source", "domain", "found_at", "rank_band", "kind", "column"),
)
STATED_TOTALS = pa.schema([(name, pa.string()) for name in ("import_id", *TOTAL_KEY)] + [("stated", pa.float64())])
