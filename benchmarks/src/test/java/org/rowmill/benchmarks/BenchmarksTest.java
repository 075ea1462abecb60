package org.rowmill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.inflight.Decision;

/** Runs each benchmark once, without JMH: it measures what its name says. */
class BenchmarksTest {

    @Test
    void messagesAreDecoded() throws IOException {
        MessageCodecBenchmark benchmark = new MessageCodecBenchmark();

        assertThat(benchmark.decodeNoopRow()).isEqualTo(SampleRow.noop().row());
        assertThat(benchmark.decodeNoopResult()).isEqualTo(SampleRow.noop().result());
        assertThat(benchmark.decodeWideRow().known()).hasSize(50);
        assertThat(benchmark.decodeWideResult().values()).hasSize(50);
    }

    @Test
    void rowsInFlightEnd() {
        InFlightRowsBenchmark benchmark = new InFlightRowsBenchmark();

        assertThat(benchmark.publishAndEnd()).isInstanceOf(Decision.Store.class);
        assertThat(benchmark.publishAndEnd()).isInstanceOf(Decision.Store.class);
    }

    @Test
    @Tag("slow")
    void presentKeysAreFoundAndMissingOnesAreNot() {
        StoredKeysBenchmark benchmark = new StoredKeysBenchmark();

        assertThat(benchmark.present()).isTrue();
        assertThat(benchmark.missing()).isFalse();
    }

    @Test
    @Tag("slow")
    void eachPartIsOneFile() throws IOException {
        PartWriterBenchmark benchmark = new PartWriterBenchmark();
        try {
            assertThat(benchmark.part())
                    .singleElement()
                    .satisfies(part -> assertThat(part).isRegularFile());
            assertThat(benchmark.part()).hasSize(1);
        } finally {
            benchmark.close();
        }
    }
}
