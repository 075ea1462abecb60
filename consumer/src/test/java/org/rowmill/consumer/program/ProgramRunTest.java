package org.rowmill.consumer.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgramRunTest {

    @Test
    void theCpuTimeDoesNotDependOnTheLanguage() {
        assertThat(ProgramRun.cpuTime("0m0.001s 0m0.002s\n1m2.500s 0m0.250s\n")).isEqualTo(Duration.ofMillis(62_750));
        assertThat(ProgramRun.cpuTime("0m0,001s 0m0,002s\n1m2,500s 0m0,250s\n")).isEqualTo(Duration.ofMillis(62_750));
        assertThat(ProgramRun.cpuTime("")).isZero();
    }
}
