"""Projects that the benchmarks compute: each is a directory with one table."""

import pathlib

NAME = "Noop"

TABLE = """import java.util.stream.*;
import org.rowmill.table.*;

public class Noop extends Table<{index_type}> {{
    @Override public Stream<{index_type}> index() {{ {index} }}
{columns}
}}
"""

NOOP = "    @Column long value(int index) { return index * 3L + 1; }"

SPINNING = """    @Column long value(int index) {
        for (long end = System.nanoTime() + %d000L; System.nanoTime() < end;) Thread.onSpinWait();
        return index * 3L + 1;
    }"""

FIRST_ROW = """    @Column long value(int index) {
        if (index == 0) System.out.println("first " + System.currentTimeMillis());
        return index * 3L + 1;
    }"""

# A run writes the list of its classes when it ends; the next one makes archives of them in the background.
WARM = """import java.nio.file.Path;
import java.util.stream.Stream;
import org.rowmill.table.*;

public class Noop extends Table<Long> {
    @Override public Stream<Long> index() { return Stream.of(System.nanoTime()); }
    @Column int waited(long index) throws Exception {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        int waited = 0;
        while (waited < 600
                && Stream.of(Path.of(cache, "rowmill").toFile().list()).anyMatch(name -> name.endsWith(".classes"))) {
            Thread.sleep(100);
            waited++;
        }
        return waited;
    }
}
"""


def table(rows: int, columns: str = NOOP) -> str:
    """Returns the source of a table with the index 0 to ROWS - 1."""
    return TABLE.format(
        index_type="Integer", index=f"return IntStream.range(0, {rows}).boxed();", columns=columns
    )


def write(project: pathlib.Path, source: str) -> pathlib.Path:
    """Writes the only table of a project, and returns the project. Stored rows stay."""
    project.mkdir(parents=True, exist_ok=True)
    (project / f"{NAME}.java").write_text(source, encoding="utf-8")
    return project
