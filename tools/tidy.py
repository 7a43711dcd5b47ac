#!/usr/bin/env python3
"""Taste as a failing test: layers, headers, banned words, sizes. Prints one line per finding; exits 1 if there is any.

usage: tools/tidy.py [--fix]      --fix formats every C++ source first
"""
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Of a source and of a function. Tests may be longer, and these files, for the reason given.
LINES_MAX = 450
FUNCTION_LINES_MAX = 80
LONGER = {"src/plugins/object_copy/option_table.cc": "one table"}
# Sources that hold the methods of one class. More only here, for the reason given.
CLASS_SOURCES_MAX = 2
SPREAD = {
    "dth::graphql::Execution": "one source for each step: plan, run, complete, errors",
    "dth::graphql::Parser": "one source for each part of the grammar",
    "dth::objects::file::FileStore": "one source for each operation",
    "dth::objects::s3::S3Store": "one source for each operation",
}
# Another version formats otherwise.
FORMATTER = "clang-format-14"
SOURCE_SUFFIXES = {".h", ".cc"}
TEXT_SUFFIXES = SOURCE_SUFFIXES | {".py", ".sh", ".md", ".txt", ".cmake", ".json", ".yml", ""}
TREES = ("src", "tests", "bench", "tools", "cmake", "docs", ".ci", "deploy")
TYPE = re.compile(r"(?:template <.*> )?(?:struct|class|enum class|enum) (\w+)(?: final)?(?: *:[^:].*)? *\{")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)
# Written so that this file does not match itself.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|home|Users)/[\w.]")

findings = []


def report(path, line, text):
    findings.append(f"{path.relative_to(ROOT)}:{line}: {text}")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def strip_comments(text):
    """Comments and string literals blanked, lines kept."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def read_layers():
    allowed, forbidden = {}, []
    for number, line in enumerate((ROOT / "tools/layers.txt").read_text().splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        name, _, rest = line.partition(":")
        if name.startswith("forbid "):
            pattern = name.removeprefix("forbid ").strip()
            match = re.fullmatch(r"(.*)\{(.*)\}(.*)", pattern)
            patterns = [match[1] + word + match[3] for word in match[2].split(",")] if match else [pattern]
            forbidden.append((patterns, rest.split()))
        else:
            allowed[name] = rest.split()
    for name, modules in allowed.items():
        for module in modules:
            if module != "*" and module not in allowed:
                findings.append(f"tools/layers.txt: {name} names the unknown module {module}")
    return allowed, forbidden


def module_of(path, allowed):
    """The module of a path under src/, '' where none is declared."""
    matches = [name for name in allowed if path.startswith(name + "/")]
    return max(matches, key=len, default="")


def files():
    """Every text file of ours, below the trees and at the root."""
    found = [path for path in ROOT.iterdir() if path.is_file() and path.name != "LICENSE"]
    for tree in TREES:
        found += (path for path in (ROOT / tree).rglob("*") if path.is_file())
    # A worktree's .git is a file; swap files and caches are nobody's text.
    skipped = lambda path: (path.name in {".git"} or path.suffix not in TEXT_SUFFIXES or
                            not {"__pycache__", "node_modules"}.isdisjoint(path.parts))
    return sorted(path for path in found if not skipped(path))


def is_test(name):
    return name.endswith("_test.cc") or "/testing/" in name or name.startswith("tests/")


def types_defined(text):
    """(qualified name, line) of the types that other translation units could define too, in the house's layout."""
    namespaces = []
    for number, line in enumerate(text.split("\n"), 1):
        if opened := re.match(r"namespace ?([\w:]*) ?\{$", line):
            namespaces.append(opened[1])
        elif re.match(r"\}  // namespace", line):
            namespaces.pop()
        elif "" not in namespaces and (found := TYPE.match(line)):
            yield "::".join([*namespaces, found[1]]), number


METHOD = re.compile(r"(?!namespace|using|\}|#|//)\S.*?\b((?:\w+::)+)~?(?:\w+|operator\W+)\(")


def classes_with_methods(code):
    """The qualified names of classes whose methods are defined here, outside of the class. Of code without comments and strings."""
    namespaces, depth, found = [], 0, set()
    for line in code.split("\n"):
        if opened := re.match(r"namespace ?([\w:]*) ?\{$", line.rstrip()):
            namespaces.append(opened[1])
        elif line.startswith("}") and depth == 0 and namespaces:
            namespaces.pop()
        else:
            if depth == 0 and "" not in namespaces and (method := METHOD.match("X " + line if re.match(r"\w", line) else line)):
                found.add("::".join([*namespaces, method[1][:-2]]))
            depth += line.count("{") - line.count("}")
    return found


PRIVATE_NAME = re.compile(r"(?!return|using|namespace|\}|#)(?:template <.*> )?[\w:<>,*& \[\]]*?\b(?:(?:struct|class|enum class|enum) (\w+).*|(\w+)(\(.*)|(\w+)(?:\[[^\]]*\])? ?(?:=|\{).*)$")


def private_names(code):
    """(name, line) of what stands in a source's own namespace: functions with their parameters, types, constants. Of code without comments."""
    namespaces, depth, lines = [], 0, code.split("\n")
    for number, line in enumerate(lines, 1):
        if opened := re.match(r"namespace ?([\w:]*) ?\{$", line.rstrip()):
            namespaces.append(opened[1])
        elif line.startswith("}") and depth == 0 and namespaces:
            namespaces.pop()
        else:
            if depth == 0 and "" in namespaces and re.match(r"\w", line):
                whole, following = line, number
                while whole.count("(") > whole.count(")") and following < len(lines):
                    whole, following = whole + lines[following].strip(), following + 1
                if (found := PRIVATE_NAME.match(whole)) and "::" not in whole.split("(")[0].split(" ")[-1]:
                    yield found[1] or found[4] or found[2] + found[3].split(")")[0], number
            depth += line.count("{") + line.count("(") - line.count("}") - line.count(")")


def check_private_names(names_by_module):
    """A second function of the same name and parameters in a module is a copy, or confuses; and a unity build cannot compile it."""
    for (module, name), places in sorted(names_by_module.items()):
        for path, line in places[1:]:
            if path == places[0][0]:  # declared, then defined
                continue
            report(path, line, f"{name.split('(')[0]} is in {places[0][0].relative_to(ROOT)} too: give it one home, or two names")


def check_spread(sources_by_class):
    for name, sources in sorted(sources_by_class.items()):
        if len(sources) > CLASS_SOURCES_MAX and name not in SPREAD:
            places = ", ".join(path.relative_to(ROOT).as_posix() for path in sources)
            report(sources[-1], 1, f"the methods of {name} are in {len(sources)} sources, more than {CLASS_SOURCES_MAX}: {places}")
    for name in SPREAD:
        if len(sources_by_class.get(name, ())) <= CLASS_SOURCES_MAX:
            findings.append(f"tools/tidy.py: SPREAD names {name}, which is not spread")


def check_one_definition(types):
    """Two types of one name are undefined behaviour in one program, of which no compiler needs to say anything."""
    for name, places in types.items():
        for path, line in places[1:]:
            report(path, line, f"{name} is defined in {places[0][0].relative_to(ROOT)} too")


def check_layers(includes, allowed, forbidden):
    for name, found in includes.items():
        module = module_of(name, allowed)
        if not module:
            report(ROOT / "src" / name, 1, "its folder is not in tools/layers.txt")
            continue
        permitted = set(allowed[module]) | {module}
        if is_test(name):
            permitted |= {other for other in allowed if other.endswith("/testing")}  # tests may use the fakes
        for header, line, ours in found:
            if not ours:
                continue
            if not (ROOT / "src" / header).exists():
                report(ROOT / "src" / name, line, f'"{header}" is not a path from src/')
                continue
            other = module_of(header, allowed)
            if "*" not in permitted and other not in permitted:
                report(ROOT / "src" / name, line, f"{module} may not include {other} ({header})")
    for patterns, prefixes in forbidden:
        for name in includes:
            if is_test(name) or not any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
                continue
            for header, line, _ in includes[name]:
                if any(header.startswith(prefix) for prefix in prefixes):
                    report(ROOT / "src" / name, line, f"may not include {header}")


def check_text(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            report(path, number, "white space at the end of the line")
        if "\t" in line and path.suffix in SOURCE_SUFFIXES:
            report(path, number, "a tab")
        if UNFINISHED.search(line):
            report(path, number, "unfinished: do it, or write an issue")
        if MACHINE_PATH.search(line):
            report(path, number, "a path of one machine")
    if text and not text.endswith("\n"):
        report(path, text.count("\n") + 1, "no newline at the end")


# Who reads the environment. Everything below is handed what it needs: a hub runs many tasks with many credentials in one
# process, and what a module fetches from the process by itself cannot differ from task to task.
ENVIRONMENT_READERS = ("src/main/", "src/cli/", "src/credentials/")
ENVIRONMENT = re.compile(r"\b(?:secure_)?getenv\s*\(|(?<![\w.>])environ\b")


def check_environment(path, name, code):
    if not name.startswith("src/") or name.startswith(ENVIRONMENT_READERS) or is_test(name):
        return
    for match in ENVIRONMENT.finditer(code):
        report(path, line_of(code, match.start()),
               f"{match.group().strip('( ')}: reads the environment; take an Environment, or the value, from the caller")


def check_source(path, text):
    name = path.relative_to(ROOT).as_posix()
    code = strip_comments(text)
    check_environment(path, name, code)
    if path.suffix == ".h" and not re.search(r"^#pragma once$", text, re.M):
        report(path, 1, "#pragma once is missing")
    if not name.startswith("src/base/"):
        for match in re.finditer(r"\basio::detached\b|\buse_future\b", code):
            report(path, line_of(code, match.start()), f"{match.group()}: spawn through AsyncScope")
        for match in re.finditer(r"this_thread::sleep_(?:for|until)\b|\busleep\s*\(|\bnanosleep\s*\(|(?<![\w.>:])sleep\s*\(", code):
            report(path, line_of(code, match.start()), "a blocking sleep: use the Clock")
    if is_test(name):
        for match in re.finditer(r"^TEST(?:_F|_P)?\(\w+, ?(\w*_\w*|[a-z]\w*)\)", code, re.M):
            report(path, line_of(code, match.start()), f"{match[1]}: names of tests are CamelCase")
        return
    lines = text.count("\n")
    if lines > LINES_MAX and name not in LONGER:
        report(path, lines, f"{lines} lines, more than {LINES_MAX}: what second thing lives here?")
    for line, length in long_functions(code.split("\n")):
        report(path, line, f"a function of {length} lines, more than {FUNCTION_LINES_MAX}: divide it")


NO_FUNCTION = re.compile(r"(?:(?:inline )?namespace|(?:template <.*> )?(?:class|struct|enum|union)|extern|for|while|if|switch|do|else|case|default|\})\b")


def long_functions(lines):
    """(line, length) of each function that is too long; lambdas count as well. Of code without comments and strings."""
    open_at = []  # (the line where the statement that a brace belongs to begins, is it a function)
    start = 0
    for number, line in enumerate(lines):
        for column, char in enumerate(line):
            if char == "{":
                before = line[:column].rstrip()
                head = lines[start].strip() if start < number else before.strip()
                is_function = before.endswith((")", "const", "noexcept", "override", "mutable", ">")) and not NO_FUNCTION.match(head)
                open_at.append((start, is_function))
            elif char == "}" and open_at:
                began, is_function = open_at.pop()
                if is_function and number - began + 1 > FUNCTION_LINES_MAX:
                    yield began + 1, number - began + 1
        text = line.rstrip()
        if not text or text.endswith((";", "{", "}", ":", "*/")) or text.startswith("#"):
            start = number + 1


def in_batches(sources):
    size = 40
    return [list(map(str, sources[i:i + size])) for i in range(0, len(sources), size)]


def run_formatter(sources, *options):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda batch: subprocess.run([FORMATTER, *options, *batch], capture_output=True, text=True),
                             in_batches(sources)))


def check_format(sources):
    if not shutil.which(FORMATTER):
        findings.append(f"tools/tidy.py: {FORMATTER} is not installed: tools/install_packages.sh style")
        return
    places = {}
    for program in run_formatter(sources, "--dry-run", "--Werror"):
        for line in program.stderr.splitlines():
            if found := re.match(r"(.*?):(\d+):\d+: error:", line):
                places.setdefault(pathlib.Path(found[1]), int(found[2]))
    for path, line in places.items():
        report(path, line, "is not formatted: tools/tidy.py --fix")


def check_lock_file(path):
    """Every package of a lock file has a digest of its archive, and comes from whatever registry the reader uses."""
    text = path.read_text()
    for place, package in json.loads(text)["packages"].items():
        line = line_of(text, max(0, text.find(f'"{place}": {{')))
        # The root has no archive, a link is a folder of ours, and a bundled package is in the archive of its parent.
        if place and not package.get("link") and not package.get("inBundle") and not package.get("integrity"):
            report(path, line, f"{place} has no integrity: remove node_modules and the lock file, and make it again")
        if "resolved" in package and not package.get("link"):
            report(path, line, f"{place} names a host: omit-lockfile-registry-resolved=true in .npmrc")


def main():
    if "--fix" in sys.argv[1:]:
        run_formatter([path for path in files() if path.suffix in SOURCE_SUFFIXES], "-i")
    allowed, forbidden = read_layers()
    includes, sources, types, sources_by_class, names_by_module = {}, [], {}, {}, {}
    for path in files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            report(path, 1, "is not UTF-8")
            continue
        check_text(path, text)
        if path.suffix not in SOURCE_SUFFIXES:
            continue
        sources.append(path)
        check_source(path, text)
        if path.is_relative_to(ROOT / "src"):
            for name, line in types_defined(text):
                types.setdefault(name, []).append((path, line))
            name = path.relative_to(ROOT / "src").as_posix()
            if path.suffix == ".cc" and not is_test(name):
                module = module_of(name, allowed)
                for private, line in private_names(strip_comments(text)):
                    names_by_module.setdefault((module, private.replace(" ", "")), []).append((path, line))
                for method_class in classes_with_methods(strip_comments(text)):
                    sources_by_class.setdefault(method_class, []).append(path)
            includes[name] = [(m[1] or m[2], line_of(text, m.start()), m[1] is not None) for m in INCLUDE.finditer(text)]
    for tree in ("console", "tests"):
        for path in sorted((ROOT / tree).rglob("package-lock.json")):
            if "node_modules" not in path.parts:
                check_lock_file(path)
    for name in LONGER:
        if not (ROOT / name).exists():
            findings.append(f"tools/tidy.py: LONGER names {name}, which is not there")
    check_layers(includes, allowed, forbidden)
    check_one_definition(types)
    check_spread(sources_by_class)
    check_private_names(names_by_module)
    check_format(sources)
    print("\n".join(findings) if findings else f"tidy: {len(sources)} sources, nothing to say")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
