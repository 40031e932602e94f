"""导入台账有多快: 125,000 invented people in 42,000 households from an Excel file, seconds and peak memory.

    python -m bench.import_people [--rows 125000] [--database sqlite:///...] [--shape persons|labour]

The file is the same on every machine. ID numbers carry an area code nobody has, telephones a prefix given to
no operator (see app/demo/numbers.py). Budget: 60 s and 400 MB on two cores; the memory is that of all
processes of the import together, each shared page counted once (PSS, looked at five times a second). The load
is told beside the seconds: on a machine that others use, the seconds of work are what can be compared.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from app.core.sheets import write_xlsx
from app.demo import numbers
from app.seekers.imports.shapes import COLUMNS, LedgerShape

COUNTY, COUNTY_NAME = "610204", "耀州区"
BUDGET_S, BUDGET_MB = 60, 400
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国志文斌辉鑫波宇浩凯秀珍莉云凤洁梅琳素春菊海燕玲"
)
_MEMBERS = ("户主", "配偶", "之子", "之女", "之母", "之儿媳")
_SCHOOLING = ("小学", "初中", "高中", "文盲或半文盲", "大专", "本科及以上")
_HEALTH = ("健康", "健康", "健康", "健康", "长期慢性病", "残疾")
_LABOUR = ("普通劳动力", "普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "无劳动力", "丧失劳动力")
_KINDS = ("脱贫户", "一般农户", "脱贫户", "脱贫户")
_MONITORED = ("", "", "", "", "", "脱贫不稳定户", "", "", "边缘易致贫户", "突发严重困难户")
TOWNS = ("董家河镇", "庙湾镇", "瑶曲镇", "照金镇", "小丘镇", "孙塬镇", "关庄镇", "石柱镇")


def people(count: int) -> Iterator[tuple[int, int, int, str, date, str, str]]:
    """(number, household, place in it, name, birth date, ID number, telephone), by household."""
    household = 0
    number = 0
    used: dict[date, int] = {}
    while number < count:
        household += 1
        size = min((3, 3, 2, 4, 3, 3, 2)[household % 7], count - number)
        for place in range(size):
            number += 1
            male = (number * 7 + place) % 2 == 0
            age = (45, 43, 20, 16, 71, 24)[place] + household % 9
            born_on = date(2026 - age, 1, 1) + timedelta(days=(number * 131 + household * 17) % 364)
            while used.get(born_on, 0) >= 499:
                born_on += timedelta(days=1)
            used[born_on] = used.get(born_on, 0) + 1
            surname = _SURNAMES[(household if place != 1 else number) % len(_SURNAMES)]
            name = surname + _GIVEN[number % len(_GIVEN)] + _GIVEN[(number * 13 + household) % len(_GIVEN)]
            id_number = numbers.id_number(born_on, used[born_on], male=male)
            yield number, household, place, name, born_on, id_number, numbers.phone(number)


def person_rows(count: int) -> Iterator[list[str]]:
    """Rows of the 32-column list."""
    for n, household, place, name, _, id_number, phone in people(count):
        yield [
            *(str(n), "2026-11-01", COUNTY_NAME, TOWNS[household % len(TOWNS)]),
            *(f"第{household % 23 + 1}村", f"{household % 6 + 1}组", f"61020400{household:06d}"),
            *(f"61020400{household:06d}{place:02d}", name, id_number, "3", _MEMBERS[place]),
            *("汉族", _SCHOOLING[n % 6], "非在校生", _HEALTH[n % 6], _LABOUR[(n * 5 + household) % 6]),
            *(str(n % 12), "是", "缺技术", "否", "是", str(9000 + n % 7000), phone, phone),
            *("2016-12-01", "2016-12-01", _KINDS[household % 4], _MONITORED[household % 10], "否", "", ""),
        ]


def labour_rows(count: int) -> Iterator[list[str]]:
    """Rows of the 50-column ledger."""
    for n, household, _, name, born_on, id_number, phone in people(count):
        town = TOWNS[household % len(TOWNS)]
        works = n % 3
        yield [
            *(str(n), "", COUNTY_NAME, town, f"第{household % 23 + 1}村", name, id_number, f"61{n:012d}"),
            *("男" if int(id_number[16]) % 2 else "女", "", born_on.isoformat(), "汉族", "群众"),
            *(_SCHOOLING[n % 6], "农业", "已婚", phone, "否", "无", "", "否", "无", "职业介绍"),
            *("某某服饰有限公司" if works else "", "缝纫" if works else "", "第二产业", "2024-03"),
            *("县内" if works else "", "", "3.6", "企业" if works else "其他", "纯农户农民"),
            *("", "" if works else "照顾老人", "", "缝纫工", "第二产业", "3000-4000元", "县外市内", "企业"),
            *("岗位信息", "服装缝纫", "否", "是", "是", "否", "是", "否", "否", "是"),
        ]


def write_file(path: Path, count: int, shape: LedgerShape) -> None:
    """The ledger as an Excel file."""
    rows = person_rows(count) if shape is LedgerShape.PERSONS else labour_rows(count)
    write_xlsx(path, COLUMNS[shape], rows)


class Memory(threading.Thread):
    """Looks how much memory a process and its children hold together; `peak_mb` the most it saw."""

    def __init__(self, process_id: int) -> None:
        super().__init__(daemon=True)
        self._process_id = process_id
        self._over = threading.Event()
        self.peak_mb = 0.0
        self.most_processes = 0

    def run(self) -> None:
        while not self._over.wait(0.2):
            family = list(_family(self._process_id))
            self.peak_mb = max(self.peak_mb, sum(map(_held_mb, family)))
            self.most_processes = max(self.most_processes, len(family))

    def stop(self) -> None:
        self._over.set()
        self.join()


def _family(process_id: int) -> Iterator[int]:
    yield process_id
    try:
        for thread in Path(f"/proc/{process_id}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return  # it has just ended


def _held_mb(process_id: int) -> float:
    try:
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", "--people", type=int, default=125_000)
    parser.add_argument("--shape", choices=["persons", "labour"], default="persons")
    parser.add_argument("--database", help="an empty, migrated database; left out: an SQLite file of its own")
    parser.add_argument("--file", type=Path, help="keep the workbook here, or use the one that is there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = asked.file or Path(folder) / "ledger.xlsx"
        if not file.exists():
            write_file(file, asked.rows, LedgerShape(asked.shape))
        url = asked.database or f"sqlite:///{folder}/bench.db"
        environment = {"SONGGANG_DATABASE_URL": url, "SONGGANG_LOG_LEVEL": "WARNING", "PATH": "/usr/bin:/bin"}
        songgang = [sys.executable, "-c", "from app.cli import main; main()"]
        subprocess.run([*songgang, "migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
        command = [*songgang, "import", "people", str(file), "--region", COUNTY, "--json"]
        worked, began = _work_s(), time.perf_counter()
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as importing:
            memory = Memory(importing.pid)
            memory.start()
            told, _ = importing.communicate()
            memory.stop()
        seconds, work = time.perf_counter() - began, _work_s() - worked
        print(told.strip()[:300])
        print(
            f"{file.stat().st_size / 1e6:.1f} MB file: {seconds:.1f} s on the clock, {work:.1f} s of work, "
            f"{memory.peak_mb:.0f} MB at most in {memory.most_processes} processes; "
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        is_within = importing.returncode == 0 and seconds <= BUDGET_S and memory.peak_mb <= BUDGET_MB
        print("within budget" if is_within else "OVER BUDGET")
    return 0 if is_within else 1


def _work_s() -> float:
    """Seconds of processors used by all processes that have ended, user and system."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
