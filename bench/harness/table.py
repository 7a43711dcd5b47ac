"""Prints what was measured."""


def _number(value):
    return "-" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _cells(work, found):
    value = {name: work.per_unit(result["cpu"]) for name, result in found.items()}

    def ratio(a, b):
        return f"{value[a] / value[b]:.2f}x" if value.get(a) and value.get(b) else "-"

    def rate(name):
        return f"{work.count / found[name]['wall']:.0f}" if name in found else "-"

    ours = found.get("ours")
    return [work.title, work.unit, _number(value.get("floor")), _number(value.get("ours")), ratio("ours", "floor"),
            ratio("rclone", "ours"), ratio("rclone tuned", "ours"), ratio("aws s3", "ours"), ratio("s3cmd", "ours"),
            rate("ours"), rate("rclone"), str(int(ours["rss_bytes"]) >> 20) if ours else "-",
            str(int(found["rclone"]["rss_bytes"]) >> 20) if "rclone" in found else "-", (ours or {}).get("proof", "-"),
            (ours or {}).get("transactions", "-"), work.goal]


def print_table(rows):
    header = ["work", "CPU", "limit", "ours", "ours/limit", "rclone/ours", "tuned/ours", "aws s3/ours", "s3cmd/ours",
              "objects/s ours", "objects/s rclone", "MiB ours", "MiB rclone", "proof", "state transactions", "goal"]
    lines = [header, *(_cells(work, found) for work, found in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for index, line in enumerate(lines):
        print("| " + " | ".join(text.ljust(width) for text, width in zip(line, widths)) + " |")
        if index == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print("\nRequests seen by both servers in the last repetition:")
    for work, found in rows:
        for name, result in found.items():
            if name != "floor":
                print(f"  {work.title}, {name}: " + ", ".join(f"{k} {v}" for k, v in sorted(result["requests"].items())))
