package org.rowmill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SampleRowTest {

    @Test
    void messagesOfTheBareLoopAreAsLongAsThoseOfATrivialRow() {
        SampleRow row = SampleRow.noop();

        assertThat(row.encodedRow()).hasSize(BareMessages.ROW_BYTES);
        assertThat(row.encodedResult()).hasSize(BareMessages.RESULT_BYTES);
    }

    @Test
    void messagesCanBeDecoded() throws IOException {
        SampleRow row = SampleRow.wide();

        assertThat(row.codec().decodeRow(row.encodedRow())).isEqualTo(row.row());
        assertThat(row.codec().decodeResult(row.encodedResult())).isEqualTo(row.result());
    }
}
