import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rowmill.table.Column;
import org.rowmill.table.Index;
import org.rowmill.table.ProcessResult;
import org.rowmill.table.RowContext;
import org.rowmill.table.Rows;
import org.rowmill.table.Table;

/** Compresses each file in {@code data/} with each of the programs gzip, xz and zstd that is installed. */
public class CodecComparison extends Table<CodecComparison.Case> {

    public enum Codec {
        GZIP,
        XZ,
        ZSTD;

        String program() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isInstalled() {
            return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, program())));
        }
    }

    /** The components of the index are columns: file, codec. */
    public record Case(Path file, Codec codec) {}

    /** The components of a value are columns, too. */
    public record Measurement(long before, long after, boolean lossless, Duration time) {}

    @Override
    public Stream<Case> index() throws IOException {
        List<Codec> codecs = Stream.of(Codec.values()).filter(Codec::isInstalled).toList();
        return Index.cross(Index.files("data/*").toList(), codecs, Case::new);
    }

    /** Works in the scratch directory of the row, which Rowmill removes when the row ends. */
    @Column(timeout = "1m")
    public Measurement measurement(Path file, Codec codec, RowContext context)
            throws IOException, InterruptedException {
        Path compressed = context.scratch().resolve("compressed");
        Path restored = context.scratch().resolve("restored");
        ProcessResult compression = pipe(context, file, compressed, codec.program(), "-c");
        pipe(context, compressed, restored, codec.program(), "-dc");
        boolean lossless = Files.mismatch(file, restored) == -1;
        return new Measurement(Files.size(file), Files.size(compressed), lossless, compression.wallTime());
    }

    private static ProcessResult pipe(RowContext context, Path in, Path out, String... command)
            throws IOException, InterruptedException {
        ProcessResult result = context.run(
                new ProcessBuilder(command).redirectInput(in.toFile()).redirectOutput(out.toFile()));
        if (result.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + result.error());
        }
        return result;
    }

    @Column
    public double ratio(long before, long after) {
        return (double) before / after;
    }

    /** Rowmill calls this on the head when all rows are computed. */
    @Override
    public void report(Rows<Case> rows, PrintStream out) {
        Map<Codec, Double> ratios = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.index().codec(),
                        TreeMap::new,
                        Collectors.averagingDouble(row -> row.getDouble("ratio"))));
        ratios.forEach((codec, ratio) ->
                out.printf(Locale.ROOT, "%-4s compresses to 1/%.1f on average%n", codec.program(), ratio));
    }
}
