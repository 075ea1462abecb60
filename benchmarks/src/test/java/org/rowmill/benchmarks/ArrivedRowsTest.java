package org.rowmill.benchmarks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivedRowsTest {

    private final ArrivedRows rows = new ArrivedRows(3);

    @Test
    void aRowThatComesBackTwiceIsAnError() {
        rows.add(2);

        assertThatThrownBy(() -> rows.add(2)).hasMessage("row 2 came back twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void aRowThatWasNotSentIsAnError(int row) {
        assertThatThrownBy(() -> rows.add(row)).hasMessage("a row from 0 to 2 was expected, not " + row);
    }
}
