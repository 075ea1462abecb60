import java.io.PrintStream;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rowmill.table.Column;
import org.rowmill.table.RowContext;
import org.rowmill.table.Rows;
import org.rowmill.table.Table;

/** Estimates pi: each row throws random points into a square and counts those inside the quarter circle. */
public class MonteCarloPi extends Table<Integer> {

    private static final int ROWS = 128;
    private static final int SAMPLES = 10_000_000;

    /** Lists the rows 0 to 127. The index of a row is also the seed of its random numbers. */
    @Override
    public Stream<Integer> index() {
        return IntStream.range(0, ROWS).boxed();
    }

    /** The components of a record are columns: samples, inside. */
    public record Count(long samples, long inside) {}

    @Column
    public Count count(int index) {
        SplittableRandom random = new SplittableRandom(index);
        int inside = 0;
        for (int i = 0; i < SAMPLES; i++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            if (x * x + y * y <= 1) {
                inside++;
            }
        }
        return new Count(SAMPLES, inside);
    }

    /** A parameter with the name of a column gets the value of that column. */
    @Column
    public double pi(long samples, long inside) {
        return 4.0 * inside / samples;
    }

    /** The computer that computed the row. */
    @Column
    public String node(RowContext context) {
        return context.node();
    }

    /** Runs once, on the head, after all rows are computed. */
    @Override
    public void report(Rows<Integer> rows, PrintStream out) {
        long samples = rows.stream().mapToLong(row -> row.getLong("samples")).sum();
        long inside = rows.stream().mapToLong(row -> row.getLong("inside")).sum();
        long nodes = rows.stream().map(row -> row.getString("node")).distinct().count();
        out.println("Computed pi ~ " + 4.0 * inside / samples + " using " + samples + " total samples on " + nodes + " nodes.");
    }
}
