import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rowmill.table.Column;
import org.rowmill.table.Index;
import org.rowmill.table.IndexName;
import org.rowmill.table.RowContext;
import org.rowmill.table.Rows;
import org.rowmill.table.Table;

/** Counts the words of each file in {@code corpus/}, a link to a directory that each computer has on its own disk. */
@IndexName("file")
public class LocalWords extends Table<Path> {

    /** The head lists its own copy. */
    @Override
    public Stream<Path> index() throws IOException {
        return Index.files("corpus/*.txt");
    }

    /** A node follows the link on its own disk, so the content does not travel over the SSH connection. */
    @Column
    public long words(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.mapToLong(line -> line.isBlank() ? 0 : line.strip().split("\\s+").length).sum();
        }
    }

    @Column
    public String node(RowContext context) {
        return context.node();
    }

    /** Where the file is on the computer that read it. */
    @Column
    public String source(Path file) throws IOException {
        return file.toRealPath().toString();
    }

    @Override
    public void report(Rows<Path> rows, PrintStream out) {
        long words = rows.stream().mapToLong(row -> row.getLong("words")).sum();
        long nodes = rows.stream().map(row -> row.getString("node")).distinct().count();
        out.println(words + " words in " + rows.count() + " files, counted on " + nodes + " computers");
    }
}
