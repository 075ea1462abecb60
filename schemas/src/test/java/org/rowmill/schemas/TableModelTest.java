package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.TableModel.ColumnFunction;
import org.rowmill.table.Column;
import org.rowmill.table.IndexName;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

class TableModelTest {

    @Nested
    class Columns {

        @Test
        void standInTheOrderOfTheSource() {
            assertThat(names(TableModel.of(Files.class)))
                    .containsExactly("ratio", "line_count", "word_count", "bytes", "modified", "attempt");
        }

        @Test
        void areComputedAfterThoseTheyNeed() throws Throwable {
            TableModel model = TableModel.of(Files.class);

            assertThat(model.functions().stream().map(ColumnFunction::makes))
                    .containsExactly(List.of(2), List.of(1), List.of(0), List.of(3, 4), List.of(5));
            assertThat(row(model, Path.of("abcd"))).containsExactly(2.0, 2, 4L, 4L, Instant.EPOCH, 7);
        }

        @Test
        void ofSuperclassesAndInterfacesComeFirstAndKeepTheirPlaceWhenOverridden() throws Throwable {
            TableModel model = TableModel.of(Derived.class);

            assertThat(names(model)).containsExactly("first", "second", "of_interface", "own");
            assertThat(row(model, "x")).containsExactly("x!", "second of Derived", "interface", List.of("own"));
            assertThat(model.schema().columns().get(2).version()).isEqualTo(4);
        }

        @Test
        void ofASuperclassBeatThoseOfAnInterfaceAsInJava() throws Throwable {
            TableModel model = TableModel.of(Beaten.class);

            assertThat(names(model)).containsExactly("value");
            assertThat(row(model, "x")).containsExactly("class");
        }

        @Test
        void ofARecordThatIsNullAreNull() throws Throwable {
            TableModel model = TableModel.of(Records.class);

            assertThat(names(model)).containsExactly("left", "right", "maybe", "plain", "sum");
            assertThat(row(model, 1)).containsExactly(1, List.of("one"), 5, 3L, 6L);
            assertThat(row(model, 0)).startsWith(0, List.of("one")).contains((Object) null);
        }

        @Test
        void thatNeedAPrimitiveOfANullRecordSaySo() {
            assertThatThrownBy(() -> row(TableModel.of(Records.class), -1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Records.sum, parameter \"long plain\": the record that this column is of was null;"
                            + " declare the parameter as Long if that may be");
        }

        @Test
        void throwWhatTheUserThrew() {
            assertThatThrownBy(() -> row(TableModel.of(Throwing.class), "x"))
                    .isExactlyInstanceOf(java.io.IOException.class)
                    .hasMessage("no x")
                    .hasNoCause();
        }

        @Test
        void haveTheVersionsOfWhatTheyNeedAdded() {
            assertThat(TableModel.of(Versions.class).schema().columns())
                    .extracting(TableSchema.ColumnField::name, TableSchema.ColumnField::version)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("a", 3),
                            org.assertj.core.groups.Tuple.tuple("b", 4),
                            org.assertj.core.groups.Tuple.tuple("c", 3),
                            org.assertj.core.groups.Tuple.tuple("d", 4));
        }

        @Test
        void canHaveTheNameOfTheirIndexParameterAndTheTypeOfTheIndex() throws Throwable {
            assertThat(row(TableModel.of(Texts.class), "Ab")).containsExactly("ab", "ab-", "Ab");
        }
    }

    @Nested
    class Indices {

        @Test
        void ofARecordAreOneColumnAComponent() throws Throwable {
            TableModel model = TableModel.of(Cases.class);
            Case index = new Case(Path.of("a", "b.txt"), (short) 3, Level.HIGH);

            assertThat(model.schema().index())
                    .containsExactly(
                            new TableSchema.IndexField("file_name", ColumnType.Scalar.PATH),
                            new TableSchema.IndexField("task", ColumnType.Scalar.INT),
                            new TableSchema.IndexField("level", ColumnType.Scalar.ENUM));
            assertThat(model.storedIndex(index)).containsExactly("a/b.txt", 3, "HIGH");
            assertThat(model.index(List.of("a/b.txt", 3, "HIGH"))).isEqualTo(index);
            assertThat(row(model, index)).containsExactly("a/b.txt3", 3L);
        }

        @Test
        void areRefusedWhenTheyCannotBeStored() {
            TableModel model = TableModel.of(Cases.class);

            assertThatThrownBy(() -> model.storedIndex(null)).hasMessage("table Cases: index() listed null");
            assertThatThrownBy(() -> model.storedIndex(new Case(Path.of("/etc/x"), (short) 1, Level.HIGH)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("file_name")
                    .hasMessageContaining("/etc/x");
            assertThatThrownBy(() -> model.storedIndex(new Case(Path.of("x"), (short) 1, null)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("level cannot be stored: null");
        }

        @Test
        void ofASingleValueCanBeNamed() {
            assertThat(TableModel.of(Files.class).schema().index())
                    .containsExactly(new TableSchema.IndexField("file", ColumnType.Scalar.PATH));
        }

        @Test
        void ofInstantsAreCutToMicroseconds() {
            TableModel model = TableModel.of(Days.class);

            assertThat(model.storedIndex(Instant.ofEpochSecond(-1, 123_456_789)))
                    .containsExactly(Instant.ofEpochSecond(-1, 123_456_000));
            assertThatThrownBy(() -> model.storedIndex(Instant.MAX)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class StoredValues {

        private final TableModel model = TableModel.of(AllTypes.class);

        @Test
        void ofEveryTypeComeBackAsTheyWere() throws Throwable {
            @Nullable Object[] row = row(model, 1L);

            for (int i = 0; i < row.length; i++) {
                assertThat(Objects.deepEquals(model.value(i, model.stored(i, row[i])), row[i]))
                        .as(model.schema().columns().get(i).name())
                        .isTrue();
            }
        }

        @Test
        void haveTheTypesOfTheMethods() {
            assertThat(model.schema().columns().stream()
                            .map(column -> column.name() + " " + column.type().text()))
                    .containsExactly(
                            "a_byte int",
                            "a_short int",
                            "an_int int",
                            "a_long long",
                            "a_float float",
                            "a_double double",
                            "a_boolean boolean",
                            "boxed int",
                            "text string",
                            "level enum",
                            "bytes bytes",
                            "instant instant",
                            "date date",
                            "duration duration",
                            "path path",
                            "decimal decimal",
                            "nested list<list<double>>",
                            "ints list<int>",
                            "longs list<long>",
                            "floats list<float>",
                            "doubles list<double>",
                            "map map<string,list<path>>",
                            "optional string",
                            "optional_int int",
                            "optional_long long",
                            "optional_double double",
                            "optionals list<string>");
        }

        @Test
        void ofNullAreNullOrEmpty() {
            for (int i = 0; i < model.schema().columns().size(); i++) {
                Object value = model.value(i, model.stored(i, null));

                String name = model.schema().columns().get(i).name();
                assertThat(value == null
                                || (name.startsWith("optional")
                                        && value.toString().endsWith(".empty")))
                        .as(name)
                        .isTrue();
            }
        }

        @Test
        void thatDoNotFitAreRefusedByNameOfTheColumn() {
            refused("decimal", new BigDecimal("1e20"), "20 digits before and 18 after the point");
            refused("decimal", new BigDecimal("1e-19"), "1E-19");
            refused("decimal", new BigDecimal("1e999999999"), "1E+999999999");
            refused("decimal", new BigDecimal("1e-999999999"), "1E-999999999");
            refused("instant", Instant.MIN, "Instant");
            refused("date", LocalDate.MAX, "LocalDate");
            refused("duration", Duration.ofSeconds(Long.MIN_VALUE), "Duration");
            refused("text", "half \ud800 pair", "surrogate");
            refused("nested", List.of("no list"), "String");
            Map<String, Object> nullKey = new HashMap<>();
            nullKey.put(null, List.of());
            refused("map", nullKey, "null key");
        }

        @Test
        void ofDecimalsHaveTheirFullScale() {
            int column = model.schema().columnNumber("decimal");

            assertThat(model.stored(column, new BigDecimal("1E+3"))).isEqualTo(new BigDecimal("1000").setScale(18));
            assertThat(model.stored(column, new BigDecimal("0E+999"))).isEqualTo(BigDecimal.ZERO.setScale(18));
            assertThat(model.stored(column, new BigDecimal("99999999999999999999.999999999999999999")))
                    .isEqualTo(new BigDecimal("99999999999999999999.999999999999999999"));
        }

        @Test
        void ofAnEnumsFormerConstantSayWhatToDo() {
            assertThatThrownBy(() -> model.value(model.schema().columnNumber("level"), "GONE"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("column level: the enum Level has no constant GONE, which is stored: restore it,"
                            + " or compute the column again");
        }

        private void refused(String column, Object value, String part) {
            assertThatThrownBy(() -> model.stored(model.schema().columnNumber(column), value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("column " + column + ": ")
                    .hasMessageContaining(part);
        }
    }

    private static List<String> names(TableModel model) {
        return model.schema().columns().stream()
                .map(TableSchema.ColumnField::name)
                .toList();
    }

    private static @Nullable Object[] row(TableModel model, Object index) throws Throwable {
        @Nullable Object[] values = new Object[model.schema().columns().size()];
        Table<?> table = model.newTable();
        for (ColumnFunction function : model.functions()) {
            function.compute(table, index, CONTEXT, values);
        }
        return values;
    }

    private static final RowContext CONTEXT = new RowContext() {
        @Override
        public int attempt() {
            return 7;
        }

        @Override
        public String node() {
            return "node";
        }

        @Override
        public String runId() {
            return "run";
        }

        @Override
        public System.Logger logger() {
            return System.getLogger("test");
        }

        @Override
        public Path scratch() {
            return Path.of("scratch");
        }

        @Override
        public org.rowmill.table.ProcessResult run(ProcessBuilder program) {
            throw new UnsupportedOperationException();
        }
    };

    @IndexName("file")
    public static class Files extends Table<Path> {
        @Override
        public Stream<Path> index() {
            return Stream.of();
        }

        public record Stat(long bytes, Instant modified) {}

        @Column
        double ratio(double wordCount, long lineCount) {
            return wordCount / lineCount;
        }

        @Column
        protected int lineCount(Path file) {
            return 2;
        }

        @Column
        public long wordCount(Path any) {
            return any.toString().length();
        }

        @Column
        Stat stat(Path file) {
            return new Stat(file.toString().length(), Instant.EPOCH);
        }

        @Column
        int attempt(RowContext context) {
            return context.attempt();
        }
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

    public enum Level {
        LOW,
        HIGH {
            @Override
            public String toString() {
                return "high";
            }
        }
    }

    record Case(Path fileName, short task, @Nullable Level level) {}

    public static class Cases extends Table<Case> {
        @Override
        public Stream<Case> index() {
            return Stream.of();
        }

        @Column
        String both(Path fileName, Case whole) {
            return fileName + "" + whole.task();
        }

        @Column
        long wide(long task) {
            return task;
        }
    }

    public static class Days extends Table<Instant> {
        @Override
        public Stream<Instant> index() {
            return Stream.of();
        }

        @Column
        int day(Instant index) {
            return 0;
        }
    }

    public static class AllTypes extends Table<Long> {
        @Override
        public Stream<Long> index() {
            return Stream.of();
        }

        @Column
        byte aByte(long index) {
            return -1;
        }

        @Column
        short aShort(Long index) {
            return Short.MIN_VALUE;
        }

        @Column
        int anInt() {
            return Integer.MIN_VALUE;
        }

        @Column
        long aLong() {
            return Long.MIN_VALUE;
        }

        @Column
        float aFloat() {
            return Float.NaN;
        }

        @Column
        double aDouble() {
            return Double.NEGATIVE_INFINITY;
        }

        @Column
        boolean aBoolean() {
            return true;
        }

        @Column
        @Nullable
        Integer boxed() {
            return 3;
        }

        @Column
        String text() {
            return "\u00e4\u4e16\ud83d\ude00\0";
        }

        @Column
        Level level() {
            return Level.HIGH;
        }

        @Column
        byte[] bytes() {
            return new byte[] {1, 2};
        }

        @Column
        Instant instant() {
            return Instant.ofEpochSecond(-5, 123_456_000);
        }

        @Column
        LocalDate date() {
            return LocalDate.of(-4, 2, 29);
        }

        @Column
        Duration duration() {
            return Duration.ofNanos(Long.MIN_VALUE + 1);
        }

        @Column
        Path path() {
            return Path.of("/a", "b");
        }

        @Column
        BigDecimal decimal() {
            return new BigDecimal("-1.5").setScale(18);
        }

        @Column
        List<List<Double>> nested() {
            return Arrays.asList(List.of(1.0, Double.NaN), null, new ArrayList<>());
        }

        @Column
        int[] ints() {
            return new int[] {1, 2};
        }

        @Column
        long[] longs() {
            return new long[] {1, 2};
        }

        @Column
        float[] floats() {
            return new float[] {1, Float.NaN};
        }

        @Column
        double[] doubles() {
            return new double[] {1, -0.0};
        }

        @Column
        Map<String, List<Path>> map() {
            return Map.of("k", List.of(Path.of("p")));
        }

        @Column
        Optional<String> optional() {
            return Optional.of("x");
        }

        @Column
        OptionalInt optionalInt() {
            return OptionalInt.of(1);
        }

        @Column
        OptionalLong optionalLong() {
            return OptionalLong.of(1);
        }

        @Column
        OptionalDouble optionalDouble() {
            return OptionalDouble.of(1);
        }

        @Column
        List<Optional<String>> optionals() {
            return List.of(Optional.empty(), Optional.of("y"));
        }
    }
}
