package org.rowmill.store.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Input/output errors of a directory may come while those of files do not. */
    @Test
    void aDirectoryThatWasForcedBeforeIsFaultyIfItFails() throws IOException {
        AtomicBoolean isFaulty = new AtomicBoolean();
        DirectorySync disk = new DirectorySync(forced -> {
            if (isFaulty.get()) {
                throw new IOException("Input/output error");
            }
        });
        disk.force(directory);
        isFaulty.set(true);

        assertThatThrownBy(() -> disk.force(directory)).hasMessage("Input/output error");
        assertThat(disk.isSupported(directory)).isTrue();
    }

    @Test
    void aDiskThatForcesNothingIsFaulty() {
        Path gone = directory.resolve("gone");

        assertThatThrownBy(() -> failing.force(gone)).isInstanceOf(IOException.class);
        assertThat(failing.isSupported(gone)).isTrue();
    }
}
