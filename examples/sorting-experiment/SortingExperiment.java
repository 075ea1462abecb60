import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rowmill.table.Column;
import org.rowmill.table.Rows;
import org.rowmill.table.Table;

/** Counts the comparisons of three sorting algorithms, for inputs of several orders and sizes, with five seeds each. */
public class SortingExperiment extends Table<SortingExperiment.Case> {

    public enum Algorithm {
        INSERTION,
        MERGE,
        SHELL
    }

    public enum Order {
        RANDOM,
        ASCENDING,
        DESCENDING
    }

    /** Each component is a column: algorithm, input_order, size, seed. */
    public record Case(Algorithm algorithm, Order inputOrder, int size, int seed) {}

    @Override
    public Stream<Case> index() {
        return Stream.of(Algorithm.values())
                .flatMap(algorithm -> Stream.of(Order.values())
                        .flatMap(order -> IntStream.of(100, 1000)
                                .boxed()
                                .flatMap(size -> IntStream.range(0, 5)
                                        .mapToObj(seed -> new Case(algorithm, order, size, seed)))));
    }

    public record Outcome(long comparisons, boolean sorted) {}

    /** Receives the whole index. A method can also receive single components, as {@code comparisonsPerValue} does. */
    @Column
    public Outcome outcome(Case index) {
        int[] values = input(index);
        long[] comparisons = {0};
        IntBinaryOperator compare = (a, b) -> {
            comparisons[0]++;
            return Integer.compare(a, b);
        };
        switch (index.algorithm()) {
            case INSERTION -> shellSort(values, compare, 1);
            case SHELL -> shellSort(values, compare, 701, 301, 132, 57, 23, 10, 4, 1);
            case MERGE -> mergeSort(values, compare);
        }
        boolean sorted = IntStream.range(1, values.length).allMatch(i -> values[i - 1] <= values[i]);
        return new Outcome(comparisons[0], sorted);
    }

    @Column
    public double comparisonsPerValue(long comparisons, int size) {
        return (double) comparisons / size;
    }

    private static int[] input(Case index) {
        int[] values = new SplittableRandom(index.seed()).ints(index.size()).toArray();
        if (index.inputOrder() != Order.RANDOM) {
            Arrays.sort(values);
        }
        if (index.inputOrder() == Order.DESCENDING) {
            for (int i = 0, j = values.length - 1; i < j; i++, j--) {
                int value = values[i];
                values[i] = values[j];
                values[j] = value;
            }
        }
        return values;
    }

    private static void shellSort(int[] values, IntBinaryOperator compare, int... gaps) {
        for (int gap : gaps) {
            for (int i = gap; i < values.length; i++) {
                int value = values[i];
                int j = i;
                while (j >= gap && compare.applyAsInt(values[j - gap], value) > 0) {
                    values[j] = values[j - gap];
                    j -= gap;
                }
                values[j] = value;
            }
        }
    }

    private static void mergeSort(int[] values, IntBinaryOperator compare) {
        if (values.length < 2) {
            return;
        }
        int[] left = Arrays.copyOfRange(values, 0, values.length / 2);
        int[] right = Arrays.copyOfRange(values, values.length / 2, values.length);
        mergeSort(left, compare);
        mergeSort(right, compare);
        int i = 0;
        int j = 0;
        for (int k = 0; k < values.length; k++) {
            boolean takesLeft =
                    j == right.length || i < left.length && compare.applyAsInt(left[i], right[j]) <= 0;
            values[k] = takesLeft ? left[i++] : right[j++];
        }
    }

    @Override
    public void report(Rows<Case> rows, PrintStream out) {
        Map<String, Double> means = rows.stream()
                .filter(row -> row.index().size() == 1000)
                .collect(Collectors.groupingBy(
                        row -> String.format("%-9s  %-10s", row.index().algorithm(), row.index().inputOrder()),
                        TreeMap::new,
                        Collectors.averagingDouble(row -> row.getDouble("comparisons_per_value"))));
        out.println("algorithm  order       comparisons per value, 1000 values");
        means.forEach((name, mean) -> out.printf(Locale.ROOT, "%s  %34.1f%n", name, mean));
    }
}
