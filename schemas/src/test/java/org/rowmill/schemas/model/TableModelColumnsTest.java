package org.rowmill.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rowmill.schemas.model.SampleTables.row;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.model.SampleTables.Files;
import org.rowmill.table.Column;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** The columns of a table class, their order, and their computation. */
class TableModelColumnsTest {

    @Test
    void columnsAreInTheOrderOfTheSource() {
        assertThat(names(TableModel.of(Files.class)))
                .containsExactly("ratio", "line_count", "word_count", "bytes", "modified", "attempt");
    }

    @Test
    void columnsAreComputedAfterThoseThatTheyNeed() throws Throwable {
        TableModel model = TableModel.of(Files.class);

        assertThat(model.functions().stream().map(ColumnFunction::makes))
                .containsExactly(List.of(2), List.of(1), List.of(0), List.of(3, 4), List.of(5));
        assertThat(row(model, Path.of("abcd"))).containsExactly(2.0, 2, 4L, 4L, Instant.EPOCH, 7);
    }

    @Test
    void inheritedColumnsComeFirstAndKeepTheirPositionWhenOverridden() throws Throwable {
        TableModel model = TableModel.of(Derived.class);

        assertThat(names(model)).containsExactly("first", "second", "of_interface", "own");
        assertThat(row(model, "x")).containsExactly("x!", "second of Derived", "interface", List.of("own"));
        assertThat(model.schema().columns().get(2).version()).isEqualTo(4);
    }

    @Test
    void columnsOfASuperclassTakePrecedenceOverThoseOfAnInterface() throws Throwable {
        TableModel model = TableModel.of(Beaten.class);

        assertThat(names(model)).containsExactly("value");
        assertThat(row(model, "x")).containsExactly("class");
    }

    @Test
    void columnsOfANullRecordAreNull() throws Throwable {
        TableModel model = TableModel.of(Records.class);

        assertThat(names(model)).containsExactly("left", "right", "maybe", "plain", "sum");
        assertThat(row(model, 1)).containsExactly(1, List.of("one"), 5, 3L, 6L);
        assertThat(row(model, 0)).startsWith(0, List.of("one")).contains((Object) null);
    }

    @Test
    void aPrimitiveParameterRejectsAColumnOfANullRecord() {
        assertThatThrownBy(() -> row(TableModel.of(Records.class), -1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Records.sum, parameter \"long plain\": the record of this column was null;"
                        + " declare the parameter as Long if the record can be null");
    }

    @Test
    void functionsThrowTheExceptionOfTheUser() {
        assertThatThrownBy(() -> row(TableModel.of(Throwing.class), "x"))
                .isExactlyInstanceOf(java.io.IOException.class)
                .hasMessage("no x")
                .hasNoCause();
    }

    @Test
    void versionsIncludeThoseOfNeededColumns() {
        assertThat(TableModel.of(Versions.class).schema().columns())
                .extracting(TableSchema.ColumnField::name, TableSchema.ColumnField::version)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", 3),
                        org.assertj.core.groups.Tuple.tuple("b", 4),
                        org.assertj.core.groups.Tuple.tuple("c", 3),
                        org.assertj.core.groups.Tuple.tuple("d", 4));
    }

    @Test
    void aColumnCanHaveTheNameAndTypeOfItsIndexParameter() throws Throwable {
        assertThat(row(TableModel.of(Texts.class), "Ab")).containsExactly("ab", "ab-", "Ab");
    }

    private static List<String> names(TableModel model) {
        return model.schema().columns().stream()
                .map(TableSchema.ColumnField::name)
                .toList();
    }

    public interface Face<T> {
        @Column(version = 4)
        default T ofInterface(T index) {
            throw new UnsupportedOperationException();
        }
    }

    public abstract static class Base<I, V> extends Table<I> {
        @Column
        V first(I index) {
            return make(index);
        }

        @Column
        String second(I index) {
            return "second of Base";
        }

        abstract V make(I index);
    }

    public static class Derived extends Base<String, String> implements Face<String> {
        @Override
        public Stream<String> index() {
            return Stream.of();
        }

        @Override
        String make(String index) {
            return index + "!";
        }

        @Column
        List<String> own(RowContext context) {
            return List.of("own");
        }

        @Override
        String second(String index) {
            return "second of Derived";
        }

        @Override
        public String ofInterface(String index) {
            return "interface";
        }
    }

    public interface Beats {
        @Column
        default String value() {
            return "interface";
        }
    }

    public abstract static class Winner extends Table<String> {
        @Column
        public String value() {
            return "class";
        }
    }

    public static class Beaten extends Winner implements Beats {
        @Override
        public Stream<String> index() {
            return Stream.of();
        }
    }

    public static class Records extends Table<Integer> {
        public record Pair<A, B>(A left, B right) {}

        public record Maybe(int maybe) {}

        public record Plain(long plain) {}

        @Override
        public Stream<Integer> index() {
            return Stream.of();
        }

        @Column
        Pair<Integer, List<String>> pair(int index) {
            return new Pair<>(index, List.of("one"));
        }

        @Column
        Optional<Maybe> maybe(int index) {
            return index == 0 ? Optional.empty() : Optional.of(new Maybe(5));
        }

        @Column
        @Nullable
        Plain plain(int index) {
            return index < 0 ? null : new Plain(3);
        }

        @Column
        long sum(long plain, @Nullable Integer maybe, Integer index) {
            return plain + index + (maybe == null ? 0 : 2);
        }
    }

    public static class Throwing extends Table<String> {
        @Override
        public Stream<String> index() {
            return Stream.of();
        }

        @Column
        int thrown(String index) throws java.io.IOException {
            throw new java.io.IOException("no " + index);
        }
    }

    public static class Versions extends Table<String> {
        @Override
        public Stream<String> index() {
            return Stream.of();
        }

        @Column(version = 3)
        int a(String index) {
            return 0;
        }

        @Column(version = 2)
        int b(int a) {
            return 0;
        }

        @Column
        int c(int a) {
            return 0;
        }

        @Column
        int d(int b, int c) {
            return 0;
        }
    }

    public static class Texts extends Table<String> {
        @Override
        public Stream<String> index() {
            return Stream.of();
        }

        @Column
        String lower(String lower) {
            return lower.toLowerCase(java.util.Locale.ROOT);
        }

        @Column
        String dashed(String lower) {
            return lower + "-";
        }

        @Column
        String whole(String anything) {
            return anything;
        }
    }
}
