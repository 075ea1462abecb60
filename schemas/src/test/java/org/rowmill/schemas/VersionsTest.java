package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class VersionsTest {

    @Test
    void theBuildFillsInBothVersions() {
        assertThat(Versions.rowmill()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(Versions.artemis()).matches("\\d+\\.\\d+\\.\\d+");
    }
}
