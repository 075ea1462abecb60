package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.ProcessLock;
import org.rowmill.schemas.WrongInput;

class TableLockTest {

    private final ProcessLock noLocks = new ProcessLock(channel -> {
        throw new IOException("Function not implemented");
    });

    @TempDir
    private Path directory;

    @Test
    void aTableIsLockedByTheSystem() throws IOException {
        try (TableLock lock = TableLock.take(directory, "r1")) {
            assertThat(lock.isOfSystem()).isTrue();
        }
    }

    @Test
    void aFileSystemWithoutLocksStillProtectsFromRunsOfThisComputer() throws IOException {
        try (TableLock lock = TableLock.take(directory, "r1", noLocks)) {
            assertThat(lock.isOfSystem()).isFalse();
            assertThatThrownBy(() -> TableLock.take(directory, "r2", noLocks))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContainingAll("is being computed by run r1", "Wait until that run ends");
        }
        TableLock.take(directory, "r3", noLocks).close();
    }

    @Test
    void oneWarningSaysWhatTheFileSystemLacks() {
        Path table = Path.of("/data/tables/T");
        assertThat(TableOpening.fileSystemWarning(table, true, true)).isEmpty();
        assertThat(TableOpening.fileSystemWarning(table, false, true))
                .hasValue("/data/tables: the file system has no file locks: runs on two computers at the same time can"
                        + " damage a table, so start one only");
        assertThat(TableOpening.fileSystemWarning(table, false, false))
                .hasValueSatisfying(text -> assertThat(text).contains("no file locks", "; and it cannot force"));
    }
}
