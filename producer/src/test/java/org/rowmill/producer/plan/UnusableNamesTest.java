package org.rowmill.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.model.NameNotText;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.table.Column;
import org.rowmill.table.Table;

class UnusableNamesTest {

    private final UnusableNames names = new UnusableNames();

    /** A table over files. */
    public static final class Files extends Table<Path> {
        /** Created by the model. */
        public Files() {}

        @Override
        public Stream<Path> index() {
            return Stream.empty();
        }

        @Column
        int value() {
            return 1;
        }
    }

    private static Path ofBytes(String escaped) {
        return Path.of("/").relativize(Path.of(URI.create("file:///" + escaped)));
    }

    @Test
    void pathsThatNoTextLeadsToAreCountedAndNamed() {
        TableModel model = TableModel.of(Files.class);
        assertThat(model.storedIndex(ofBytes("gr%C3%B6%C3%9Fe"))).containsExactly("größe");

        NameNotText name = catchThrowableOfType(NameNotText.class, () -> model.storedIndex(ofBytes("gr%F6%DFe")));
        names.skip(name);
        names.skip(name);

        assertThat(names.warning().orElseThrow())
                .contains("2 paths whose names are not UTF-8", "such as gr", "they are not rows", "convmv");
    }

    @Test
    void textsThatWereProbablyMadeOfThemAreRowsWithAWarning() {
        names.check(List.of("größe", 1));
        assertThat(names.warning()).isEmpty();

        names.check(List.of(1, "gr\ufffde"));

        assertThat(names.warning().orElseThrow()).contains("1 texts", "such as gr\ufffde");
    }
}
