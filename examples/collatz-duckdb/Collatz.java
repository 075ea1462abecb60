import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rowmill.table.Column;
import org.rowmill.table.IndexName;
import org.rowmill.table.Table;

/** Follows the Collatz sequence (n / 2 if n is even, 3 n + 1 if n is odd) of each start below 10,000 until it reaches 1. */
@IndexName("start")
public class Collatz extends Table<Integer> {

    @Override
    public Stream<Integer> index() {
        return IntStream.range(1, 10_000).boxed();
    }

    /** The components of a record are columns: steps, peak. */
    public record Sequence(int steps, long peak) {}

    @Column
    public Sequence sequence(int start) {
        long value = start;
        long peak = start;
        int steps = 0;
        while (value != 1) {
            value = value % 2 == 0 ? value / 2 : 3 * value + 1;
            peak = Math.max(peak, value);
            steps++;
        }
        return new Sequence(steps, peak);
    }
}
