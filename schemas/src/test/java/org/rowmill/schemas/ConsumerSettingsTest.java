package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerSettingsTest {

    private static final ConsumerSettings SETTINGS = new ConsumerSettings(
            "run1",
            "this computer",
            "127.0.0.1",
            11000,
            "u",
            "p\u00e4ss\nword",
            2,
            Path.of("/a b/\u00e4\nc"),
            List.of(Path.of("x.jar"), Path.of("lib/y.jar")),
            List.of("T", "a.U$V"),
            Path.of("/tmp/in hand"),
            -1);

    @Test
    void comeBackAsTheyWereWritten() throws IOException {
        assertThat(ConsumerSettings.readFrom(new ByteArrayInputStream(written(SETTINGS))))
                .isEqualTo(SETTINGS);
    }

    @Test
    void withoutClassPathAndTablesComeBackToo() throws IOException {
        ConsumerSettings bare =
                new ConsumerSettings("", "", "", 0, "", "", 1, Path.of(""), List.of(), List.of(), Path.of(""), 0);

        assertThat(ConsumerSettings.readFrom(new ByteArrayInputStream(written(bare))))
                .isEqualTo(bare);
    }

    @Test
    void areRefusedWhenTheyEndEarly() throws IOException {
        byte[] whole = written(SETTINGS);
        for (int length = 0; length < whole.length - 2; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);

            assertThatThrownBy(() -> ConsumerSettings.readFrom(cut)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello\n", ".\n", "run !!\n.\n", "run\n.\n"})
    void areRefusedWhenTheyAreSomethingElse(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class).hasMessageContaining("expected");
    }

    @Test
    void areRefusedWithANumberThatIsNone() throws IOException {
        String wrong = new String(written(SETTINGS), StandardCharsets.US_ASCII).replaceFirst("slots .*", "slots LTE=");

        assertThatThrownBy(() -> read(wrong)).isInstanceOf(IOException.class).hasMessageContaining("slots");
        assertThatThrownBy(() -> read(wrong.replace("slots LTE=", "slots eA==")))
                .isInstanceOf(IOException.class);
    }

    private static ConsumerSettings read(String text) throws IOException {
        return ConsumerSettings.readFrom(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] written(ConsumerSettings settings) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        settings.writeTo(out);
        return out.toByteArray();
    }
}
