package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RowOutputTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final RowOutput output = new RowOutput(bytes);
    private final PrintStream out = output.printStream();

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void onlyLinesOfRowsHaveAPrefix() {
        out.println("before");
        output.begin(() -> "[T 1] ");
        out.print("one\ntwo ä\n");
        output.end();
        out.println("after");

        assertThat(text()).isEqualTo("before\n[T 1] one\n[T 1] two ä\nafter\n");
    }

    @Test
    void anIncompleteLineIsCompletedWhenTheRowEnds() {
        output.begin(() -> "[T 1] ");
        out.print("no end");
        output.end();

        assertThat(text()).isEqualTo("[T 1] no end\n");
    }

    @Test
    void aVeryLongLineIsSplit() {
        output.begin(() -> "");
        out.print("x".repeat(70_000));

        assertThat(text()).hasSizeBetween(1 << 16, 70_000).endsWith("\n");
    }

    @Test
    void threadsOfARowPrintForTheRowUntilItEnds() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            output.begin(() -> "[T 1] ");
            Future<?> during = pool.submit(() -> out.println("during"));
            during.get();
            output.end();
            Future<?> later = pool.submit(() -> out.println("later"));
            later.get();
        } finally {
            pool.shutdownNow();
        }

        assertThat(text()).isEqualTo("[T 1] during\nlater\n");
    }

    @Test
    void linesOfThreadsNeverMix() throws InterruptedException {
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            String line = String.valueOf((char) ('a' + i)).repeat(50);
            threads[i] = new Thread(() -> {
                for (int n = 0; n < 500; n++) {
                    out.print(line.substring(0, 20));
                    out.println(line.substring(20));
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(text().lines()).hasSize(2_000).allMatch(line -> line.matches("(.)\\1{49}"));
    }
}
