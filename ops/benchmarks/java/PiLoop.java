import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Computes what the example montecarlo-pi computes, in a loop on so many threads. */
public class PiLoop {
    private static final int ROWS = 128;
    private static final int SAMPLES = 10_000_000;

    public static void main(String[] arguments) throws Exception {
        int threads = Integer.parseInt(arguments[0]);
        double[] pi = new double[ROWS];
        Thread[] all = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int first = t;
            all[t] = new Thread(() -> {
                for (int i = first; i < ROWS; i += threads) {
                    pi[i] = row(i);
                }
            });
            all[t].start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        System.out.println("bare loop: pi ~ "
                + IntStream.range(0, ROWS).mapToDouble(i -> pi[i]).average().getAsDouble());
    }

    static double row(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int inside = 0;
        for (int i = 0; i < SAMPLES; i++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            if (x * x + y * y <= 1) {
                inside++;
            }
        }
        return 4.0 * inside / SAMPLES;
    }
}
