package org.rowmill.schemas.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.ResultMessage.Kind;

class MessageCodecTest {

    private static final List<ColumnType> TYPES = Stream.concat(
                    Arrays.stream(ColumnType.Scalar.values()),
                    Stream.of("list<list<double>>", "map<string,list<string>>", "list<map<string,decimal>>")
                            .map(ColumnType::parse))
            .toList();

    private static final TableSchema TABLE = new TableSchema(
            "T",
            List.of(
                    new TableSchema.IndexField("file", ColumnType.Scalar.PATH),
                    new TableSchema.IndexField("task", ColumnType.Scalar.LONG)),
            IntStream.range(0, TYPES.size())
                    .mapToObj(i -> new TableSchema.ColumnField("c" + i, TYPES.get(i), 1, ""))
                    .toList());

    private static final List<Object> INDEX = List.of("a/\u00e4", Long.MIN_VALUE);

    private final MessageCodec codec = new MessageCodec("run1", List.of(TABLE));

    static Stream<ColumnType> types() {
        return TYPES.stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void valuesOfEveryTypeAreReadAsTheyWereWritten(ColumnType type) throws IOException {
        int column = TYPES.indexOf(type);
        for (int seed = 0; seed < 200; seed++) {
            Map<Integer, @Nullable Object> values = new HashMap<>();
            values.put(column, random(type, new Random(seed)));

            Object back = codec.decodeRow(codec.encode(new RowMessage(0, 1, 99, 1, false, INDEX, List.of(), values)))
                    .known()
                    .get(column);

            assertThat(Objects.deepEquals(back, values.get(column)))
                    .as("seed %d: %s became %s", seed, values.get(column), back)
                    .isTrue();
        }
    }

    @Test
    void nullsAndExtremeValuesAreReadAsTheyWereWritten() throws IOException {
        assertUnchanged(ColumnType.Scalar.INT, Integer.MIN_VALUE);
        assertUnchanged(ColumnType.Scalar.LONG, Long.MIN_VALUE);
        assertUnchanged(ColumnType.Scalar.LONG, 0L);
        assertUnchanged(ColumnType.Scalar.FLOAT, Float.NaN);
        assertUnchanged(ColumnType.Scalar.FLOAT, -0.0f);
        assertUnchanged(ColumnType.Scalar.DOUBLE, Double.NEGATIVE_INFINITY);
        assertUnchanged(ColumnType.Scalar.DOUBLE, -0.0);
        assertUnchanged(ColumnType.Scalar.DOUBLE, Double.NaN);
        assertUnchanged(ColumnType.Scalar.STRING, "");
        assertUnchanged(ColumnType.Scalar.STRING, "\0\u4e16\ud83d\ude00");
        assertUnchanged(ColumnType.Scalar.INSTANT, Instant.EPOCH.plus(Long.MIN_VALUE, ChronoUnit.MICROS));
        assertUnchanged(ColumnType.Scalar.DATE, LocalDate.ofEpochDay(Integer.MIN_VALUE));
        assertUnchanged(ColumnType.Scalar.DURATION, Duration.ofNanos(Long.MIN_VALUE));
        assertUnchanged(ColumnType.Scalar.DECIMAL, new BigDecimal("-99999999999999999999.999999999999999999"));
        assertUnchanged(
                ColumnType.parse("list<list<double>>"), Arrays.asList(null, List.of(), Arrays.asList(1.0, null)));
        for (ColumnType type : TYPES) {
            assertUnchanged(type, null);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 30 << 20})
    void longValuesAreReadAsTheyWereWritten(int length) throws IOException {
        assertUnchanged(ColumnType.Scalar.STRING, "\u00e4b".repeat(length / 2));
        assertUnchanged(ColumnType.Scalar.BYTES, new byte[length]);
        assertUnchanged(ColumnType.parse("map<string,list<string>>"), Map.of("k".repeat(length), List.of()));
    }

    @Test
    void rowsAreReadAsTheyWereWritten() throws IOException {
        RowMessage row = new RowMessage(0, Long.MAX_VALUE, Long.MIN_VALUE, 3, true, INDEX, List.of(2, 0), Map.of(1, 7));

        assertThat(codec.decodeRow(codec.encode(row))).isEqualTo(row);
    }

    @Test
    void resultsAreReadAsTheyWereWritten() throws IOException {
        Map<Integer, @Nullable Object> values = new HashMap<>();
        values.put(0, null);
        values.put(1, 5);
        ResultMessage result = new ResultMessage(
                0,
                9,
                -99,
                2,
                "n\u00f6de",
                123,
                Kind.COMPUTED,
                values,
                List.of(new ResultMessage.Failure("c2,c3", "java.io.IOException", "", "at x\n", true)));

        assertThat(codec.decodeResult(codec.encode(result))).isEqualTo(result);
    }

    @ParameterizedTest
    @EnumSource(names = "COMPUTED", mode = EnumSource.Mode.EXCLUDE)
    void returnedRowsAreReadAsTheyWereWritten(Kind kind) throws IOException {
        ResultMessage result = ResultMessage.returned(row(), "n\u00f6de", kind);
        byte[] body = codec.encode(result);

        assertThat(codec.decodeResult(body)).isEqualTo(result);
        assertThat(result.kind()).isEqualTo(kind);
        assertThat(body).startsWith(codec.beginningOfResults("n\u00f6de"));
    }

    @Test
    void aReturnedRowHasNoTimeNoValuesAndNoFailures() {
        List<ResultMessage.Failure> failures = List.of(new ResultMessage.Failure("c", "E", "", "", false));

        assertThat(ResultMessage.returned(row(), "n", Kind.REDELIVERED))
                .isEqualTo(new ResultMessage(0, 5, 99, 1, "n", 0, Kind.REDELIVERED, Map.of(), List.of()));
        assertRefused(() -> ResultMessage.returned(row(), "n", Kind.COMPUTED));
        assertRefused(() -> new ResultMessage(0, 5, 99, 1, "n", 1, Kind.NOT_ALONE, Map.of(), List.of()));
        assertRefused(() -> new ResultMessage(0, 5, 99, 1, "n", 0, Kind.NOT_ALONE, Map.of(1, 7), List.of()));
        assertRefused(() -> new ResultMessage(0, 5, 99, 1, "n", 0, Kind.NOT_ALONE, Map.of(), failures));
    }

    private static void assertRefused(ThrowableAssert.ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void halfASurrogatePairInAMessageDoesNotLoseTheFailure() throws IOException {
        ResultMessage result = new ResultMessage(
                0,
                9,
                -99,
                2,
                "n",
                1,
                Kind.COMPUTED,
                Map.of(),
                List.of(new ResultMessage.Failure("c", "E", "bad \ud800 text \udc00", "", false)));

        assertThat(codec.decodeResult(codec.encode(result)).failures().get(0).message())
                .startsWith("bad ")
                .contains(" text ");
    }

    @Test
    void messagesOfAnotherRunAreRejected() {
        byte[] other = new MessageCodec("run2", List.of(TABLE)).encode(row());

        assertThatThrownBy(() -> codec.decodeRow(other))
                .isInstanceOf(IOException.class)
                .hasMessage("a message of run run1 was expected, not of run run2");
    }

    @Test
    void messagesWithMoreBytesThanExpectedAreRejected() {
        byte[] body = codec.encode(row());

        assertThatThrownBy(() -> codec.decodeRow(Arrays.copyOf(body, body.length + 1)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void messagesThatAreCutShortAreRejected() {
        byte[] body = codec.encode(row());
        for (int length = 0; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);

            assertThatThrownBy(() -> codec.decodeRow(cut))
                    .as("%d of %d bytes", length, body.length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void damagedMessagesAreReadOrRejectedWithAnIOException() {
        byte[] body = codec.encode(row());
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] damaged = body.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertReadOrRejected(damaged, seed);
        }
    }

    @Test
    void resultsWithTooManyValuesAreRejected() throws IOException {
        int lists = TYPES.indexOf(ColumnType.parse("list<list<double>>"));
        int most = MessageCodec.MOST_VALUES - otherValues();

        byte[] full = codec.encode(result(lists, Collections.nCopies(most, null)));
        byte[] tooMany = codec.encode(result(lists, Collections.nCopies(most + 1, null)));

        assertThat(codec.excess(full)).isEmpty();
        assertThat((List<?>) codec.decodeResult(full).values().get(lists)).hasSize(most);
        assertThatThrownBy(() -> codec.decodeResult(tooMany))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a row can have at most 8388608 values, including those in lists and maps;"
                        + " this one has 8388609");
        assertThat(codec.excess(new byte[MessageCodec.LONGEST_BODY + 1]).orElseThrow())
                .contains("can have at most 268435456 bytes, these have 268435457");
    }

    /** Counts the values of a result around the list: those of the header, and the arrays. */
    private static int otherValues() {
        return 1 + 2 + 6 + 1 + 2 + 1;
    }

    private static ResultMessage result(int column, List<?> value) {
        return new ResultMessage(0, 1, 99, 1, "n", 5, Kind.COMPUTED, Map.of(column, value), List.of());
    }

    @Test
    void garbageIsReadOrRejectedWithAnIOException() {
        byte[] head = Arrays.copyOf(codec.encode(row()), 8);
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(64)];
            random.nextBytes(garbage);
            System.arraycopy(head, 0, garbage, 0, Math.min(random.nextInt(9), garbage.length));
            assertReadOrRejected(garbage, seed);
        }
    }

    @Test
    void indicesHaveTheSameBytesOnlyIfTheyAreEqual() {
        assertThat(codec.encodeIndex(TABLE, INDEX)).isEqualTo(codec.encodeIndex(TABLE, new ArrayList<>(INDEX)));
        assertThat(codec.encodeIndex(TABLE, List.of("a", 1L))).isNotEqualTo(codec.encodeIndex(TABLE, List.of("a", 2L)));
    }

    private void assertReadOrRejected(byte[] body, int seed) {
        try {
            codec.decodeRow(body);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        } catch (RuntimeException | Error e) {
            fail("seed " + seed, e);
        }
        try {
            codec.decodeResult(body);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        } catch (RuntimeException | Error e) {
            fail("seed " + seed, e);
        }
    }

    private RowMessage row() {
        Map<Integer, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < TYPES.size(); i++) {
            values.put(i, random(TYPES.get(i), new Random(3)));
        }
        return new RowMessage(0, 5, 99, 1, false, INDEX, List.of(1, 2), values);
    }

    private void assertUnchanged(ColumnType type, @Nullable Object value) throws IOException {
        Map<Integer, @Nullable Object> values = new HashMap<>();
        values.put(TYPES.indexOf(type), value);
        ResultMessage result = new ResultMessage(0, 1, 99, 1, "n", 1, Kind.COMPUTED, values, List.of());

        Map<Integer, @Nullable Object> back =
                codec.decodeResult(codec.encode(result)).values();

        assertThat(back).containsOnlyKeys(TYPES.indexOf(type));
        assertThat(Objects.deepEquals(back.get(TYPES.indexOf(type)), value))
                .as(type.text())
                .isTrue();
    }

    private static @Nullable Object random(ColumnType type, Random random) {
        if (random.nextInt(8) == 0) {
            return null;
        }
        if (type instanceof ColumnType.ListOf list) {
            return Stream.generate(() -> random(list.element(), random))
                    .limit(random.nextInt(5))
                    .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
        }
        if (type instanceof ColumnType.MapOf map) {
            Map<String, @Nullable Object> entries = new LinkedHashMap<>();
            for (int n = random.nextInt(5); n > 0; n--) {
                entries.put(text(random), random(map.value(), random));
            }
            return entries;
        }
        return scalar((ColumnType.Scalar) type, random);
    }

    private static Object scalar(ColumnType.Scalar type, Random random) {
        int shift = random.nextInt(64);
        return switch (type) {
            case BOOLEAN -> random.nextBoolean();
            case INT -> (int) (random.nextLong() >> shift);
            case LONG -> random.nextLong() >> shift;
            case FLOAT -> Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> Double.longBitsToDouble(random.nextLong());
            case STRING, ENUM, PATH -> text(random);
            case BYTES -> text(random).getBytes(java.nio.charset.StandardCharsets.UTF_16);
            case INSTANT -> Instant.EPOCH.plus(random.nextLong() >> shift, ChronoUnit.MICROS);
            case DATE -> LocalDate.ofEpochDay(random.nextInt());
            case DURATION -> Duration.ofNanos(random.nextLong() >> shift);
            case DECIMAL -> new BigDecimal(new BigInteger(random.nextInt(126), random), ColumnType.DECIMAL_SCALE);
        };
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(40), 0, 0x3000)
                .filter(Character::isDefined)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
