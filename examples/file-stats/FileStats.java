import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rowmill.table.Column;
import org.rowmill.table.Index;
import org.rowmill.table.IndexName;
import org.rowmill.table.Table;

/** Lines, words and bytes of every text file in {@code data/}. Add a file and run again: only that file is read. */
@IndexName("file")
public class FileStats extends Table<Path> {

    @Override
    public Stream<Path> index() throws IOException {
        return Index.files("data/**.txt");
    }

    /** Paths are relative to the project, which is the working directory. */
    @Column
    public long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    @Column
    public long words(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.mapToLong(line -> line.isBlank() ? 0 : line.strip().split("\\s+").length).sum();
        }
    }

    @Column
    public long bytes(Path file) throws IOException {
        return Files.size(file);
    }

    /** Computed from other columns: {@code words} and {@code lines} are parameters. */
    @Column
    public double wordsPerLine(long words, long lines) {
        return lines == 0 ? 0 : (double) words / lines;
    }
}
