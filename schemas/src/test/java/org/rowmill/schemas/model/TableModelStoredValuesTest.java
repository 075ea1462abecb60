package org.rowmill.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rowmill.schemas.model.SampleTables.row;

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
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.model.SampleTables.Level;
import org.rowmill.table.Column;
import org.rowmill.table.Table;

/** Stored values of each type of a column, and the values that are read from them. */
class TableModelStoredValuesTest {

    private final TableModel model = TableModel.of(AllTypes.class);

    @Test
    void valuesOfEveryTypeAreReadAsTheyWereStored() throws Throwable {
        @Nullable Object[] row = row(model, 1L);

        for (int i = 0; i < row.length; i++) {
            assertThat(Objects.deepEquals(model.value(i, model.stored(i, row[i])), row[i]))
                    .as(model.schema().columns().get(i).name())
                    .isTrue();
        }
    }

    @Test
    void storedValuesHaveTheTypesOfTheMethods() {
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
    void nullIsReadAsNullOrEmpty() {
        for (int i = 0; i < model.schema().columns().size(); i++) {
            Object value = model.value(i, model.stored(i, null));

            String name = model.schema().columns().get(i).name();
            assertThat(value == null
                            || (name.startsWith("optional") && value.toString().endsWith(".empty")))
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void valuesThatCannotBeStoredAreRejectedWithTheNameOfTheColumn() {
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
    void decimalsAreStoredWithTheirFullScale() {
        int column = model.schema().columnNumber("decimal");

        assertThat(model.stored(column, new BigDecimal("1E+3"))).isEqualTo(new BigDecimal("1000").setScale(18));
        assertThat(model.stored(column, new BigDecimal("0E+999"))).isEqualTo(BigDecimal.ZERO.setScale(18));
        assertThat(model.stored(column, new BigDecimal("99999999999999999999.999999999999999999")))
                .isEqualTo(new BigDecimal("99999999999999999999.999999999999999999"));
    }

    @Test
    void aRemovedEnumConstantSaysWhatToDo() {
        assertThatThrownBy(() -> model.value(model.schema().columnNumber("level"), "GONE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "column level: the enum Level has no constant GONE, but a stored value has this name: restore"
                                + " the constant, or compute the column again");
    }

    @Test
    void aStoredListWithNullIsNoArray() {
        assertThatThrownBy(() -> model.value(model.schema().columnNumber("ints"), Arrays.asList(1, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("column ints: element 1 of a stored list is null, which int[] does not permit: return a"
                        + " List, or compute the column again");
    }

    private void refused(String column, Object value, String part) {
        assertThatThrownBy(() -> model.stored(model.schema().columnNumber(column), value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("column " + column + ": ")
                .hasMessageContaining(part);
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
