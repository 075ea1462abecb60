package org.rowmill.store.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySyncTest {

    /** Messages depend on the language of the system: no decision does. */
    private final DirectorySync failing = new DirectorySync(directory -> {
        throw new IOException("Das Argument ist ung\u00fcltig");
    });

    @TempDir
    private Path directory;

    @Test
    void aDirectoryOfThisComputerIsForced() {
        assertThat(DirectorySync.SYSTEM.isSupported(directory)).isTrue();
        assertThatCode(() -> DirectorySync.SYSTEM.force(directory)).doesNotThrowAnyException();
    }

    @Test
    void aFileSystemThatForcesFilesOnlyIsUsed() {
        assertThatCode(() -> failing.force(directory)).doesNotThrowAnyException();
        assertThat(failing.isSupported(directory)).isFalse();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDiskThatForcesNothingIsFaulty() {
        Path gone = directory.resolve("gone");

        assertThatThrownBy(() -> failing.force(gone)).isInstanceOf(IOException.class);
        assertThat(failing.isSupported(gone)).isTrue();
    }
}
