package org.rowmill.producer.statics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.ProjectClassLoader;

class StaticStateCheckTest {

    private static final String HEAD = """
        import java.io.*; import java.math.*; import java.nio.*; import java.nio.file.*; import java.security.*;
        import java.text.*; import java.time.*; import java.time.format.*; import java.util.*;
        import java.util.concurrent.*; import java.util.concurrent.atomic.*; import java.util.function.*;
        import java.util.random.*; import java.util.regex.*; import java.util.stream.*; import java.util.zip.*;
        import org.rowmill.table.*;
        """;

    @TempDir
    private Path directory;

    /** Returns the warnings of the table T. Its body begins in line 7. */
    private List<String> warnings(String body, String... others) throws IOException {
        write("T", body, others);
        compile();
        return check("T");
    }

    /** Returns the warnings of many tables with one field and one use of it each, which are compiled at once. */
    private Map<String, List<String>> used(List<String> fields, List<String> uses) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            write(
                    "T" + i,
                    fields.get(i) + "\n@Column int value(int index) throws Exception { " + uses.get(i)
                            + " return 1; }");
        }
        compile();
        Map<String, List<String>> warnings = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            warnings.put(fields.get(i) + " | " + uses.get(i), check("T" + i));
        }
        return warnings;
    }

    private void write(String name, String body, String... others) throws IOException {
        String index = body.contains("index()") ? "" : "public Stream<Integer> index() { return Stream.of(1); }\n";
        Files.writeString(
                directory.resolve(name + ".java"),
                HEAD + "public class " + name + " extends Table<Integer> {\n" + body + "\n" + index + "}\n"
                        + String.join("\n", others));
    }

    private void compile() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-parameters",
                "-proc:none",
                "-nowarn",
                "-g",
                "-d",
                directory.toString(),
                "-cp",
                System.getProperty("java.class.path")));
        arguments.addAll(
                names(".java").map(name -> directory.resolve(name).toString()).toList());
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    private Stream<String> names(String end) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(end))
                    .toList()
                    .stream();
        }
    }

    private List<String> check(String table) throws IOException {
        Set<String> own =
                names(".class").map(name -> name.replace(".class", "")).collect(Collectors.toSet());
        try (ProjectClassLoader loader = new ProjectClassLoader(List.of(directory))) {
            return new StaticStateCheck(loader, own).warnings(List.of(loader.loadClass(table)));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Splits lines of cells. */
    private static List<List<String>> table(String text) {
        return text.lines()
                .map(line -> Stream.of(line.split("(?<!\\|)\\|(?!\\|)"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static List<String> column(List<List<String>> table, int number) {
        return table.stream().map(row -> row.get(number)).toList();
    }

    @Test
    void typesThatRowsMustNotShareAreReported() throws IOException {
        String digest = "static MessageDigest digest() { try { return MessageDigest.getInstance(\"MD5\"); }"
                + " catch (Exception e) { throw new Error(e); } }";
        List<List<String>> cases = table("""
            SimpleDateFormat X = new SimpleDateFormat("yyyy")     | X.format(new Date());     | java.text.SimpleDateFormat is not thread-safe
            DateFormat X = DateFormat.getInstance()                   | X.format(new Date());     | DateTimeFormatter
            DecimalFormat X = new DecimalFormat("0.0")                | X.format(1.5);                | java.text.DecimalFormat is not thread-safe
            NumberFormat X = NumberFormat.getInstance()           | X.format(1.5);                | Make one in the column method
            Format X = new MessageFormat("{0}")                       | X.format(new Object[0]);  | java.text.MessageFormat is not
            Object X = new SimpleDateFormat("yyyy")                   | X.hashCode();                 | java.text.SimpleDateFormat is not
            Calendar X = Calendar.getInstance()                       | X.setTimeInMillis(1);     | Use java.time
            Random X = new Random(1)                                      | X.nextInt();                  | java.util.Random has one sequence for all rows
            RandomGenerator X = RandomGenerator.getDefault()      | X.nextInt();                  | seeded by the index
            Random X = ThreadLocalRandom.current()                    | X.nextInt();                  | ThreadLocalRandom has one sequence
            Matcher X = Pattern.compile("a").matcher("")          | X.reset("b").matches();   | call matcher in the column method
            MessageDigest X = digest()                                    | X.digest(new byte[1]);    | MessageDigest is not thread-safe
            CRC32 X = new CRC32()                                         | X.update(1);                  | java.util.zip.CRC32 is not thread-safe
            StringBuilder X = new StringBuilder()                     | X.append(1);                  | StringBuilder is not thread-safe
            ByteBuffer X = ByteBuffer.allocate(8)                     | X.putInt(0, 1);           | has a position
            Iterator<Integer> X = List.of(1).iterator()           | X.next();                     | has a position
            """);

        Map<String, List<String>> warnings = used(
                column(cases, 0).stream()
                        .map(field -> "static final " + field + "; " + digest)
                        .toList(),
                column(cases, 1));

        assertThat(warnings).hasSize(cases.size());
        List<List<String>> found = List.copyOf(warnings.values());
        for (int i = 0; i < cases.size(); i++) {
            assertThat(found.get(i))
                    .as(cases.get(i).get(0))
                    .singleElement()
                    .asString()
                    .startsWith("T" + i + ".java:7: static field X: ")
                    .contains(cases.get(i).get(2), "@SharedState");
        }
    }

    @Test
    void stateThatRowsChangeIsReported() throws IOException {
        List<List<String>> cases = table("""
            static int X                                                       | X++;                                         | it is assigned in T0.value
            static int X = 1                                                   | X += index;                                  | it is assigned
            static String X                                                    | if (X == null) { X = "a"; }          | it is assigned
            static List<Integer> X = List.of()                         | X = List.of(1);                          | it is assigned
            static final List<Integer> X = new ArrayList<>()       | X.add(index);                                | its content is changed in T
            static final Map<Integer, Integer> X = new HashMap<>() | X.computeIfAbsent(index, i -> i);    | its content is changed
            static final Map<Integer, Integer> X = new HashMap<>() | X.put(index, index > 0 ? 1 : 2);     | its content is changed
            static final Map<Integer, Integer> X = new HashMap<>() | X.put(index, X.containsKey(index) ? X.get(index) + 1 : 1); | its content is changed
            static final Map<Integer, Integer> X = new TreeMap<>() | var x = X; x.merge(index, 1, Integer::sum); | its content is changed
            static final Set<Integer> X = new HashSet<>()          | Stream.of(1).forEach(X::add);        | its content is changed
            static final Set<Integer> X = new HashSet<>()          | Stream.of(1).forEach(i -> X.add(i)); | its content is changed
            static final Deque<Integer> X = new ArrayDeque<>()     | X.push(index);                           | its content is changed
            static final int[] X = new int[9]                          | X[index] = 1;                                | its content is changed
            static final int[] X = new int[9]                          | X[index]++;                                  | its content is changed
            static final long[] X = new long[9]                        | X[index] = 1L;                           | its content is changed
            static final int[][] X = new int[9][9]                     | X[index][1] = 1;                         | its content is changed
            static final byte[] X = new byte[9]                        | new FileInputStream("x").read(X);    | its content is changed
            static final byte[] X = new byte[9]                        | System.arraycopy(new byte[1], 0, X, 0, 1); | its content is changed
            static final int[] X = new int[9]                          | Arrays.fill(X, 1);                       | its content is changed
            static final BitSet X = new BitSet()                       | X.set(index);                                | its content is changed
            static final Date X = new Date()                           | X.setTime(1);                                | its content is changed
            """);

        Map<String, List<String>> warnings =
                used(column(cases, 0).stream().map(field -> field + ";").toList(), column(cases, 1));

        assertThat(warnings).hasSize(cases.size());
        List<List<String>> found = List.copyOf(warnings.values());
        for (int i = 0; i < cases.size(); i++) {
            assertThat(found.get(i))
                    .as(cases.get(i).toString())
                    .singleElement()
                    .asString()
                    .contains("static field X: ", cases.get(i).get(2), "rows that were computed before");
        }
    }

    @Test
    void stateThatRowsCanShareIsNotReported() throws IOException {
        List<List<String>> cases = table("""
            static final int X = 1; | int x = X;
            static int X = 1; | int x = X;
            static volatile boolean X; | X = true;
            static final String X = "a"; | X.length();
            static final Pattern X = Pattern.compile("a"); | X.matcher("").matches();
            static final DateTimeFormatter X = DateTimeFormatter.ISO_DATE; | X.format(LocalDate.now());
            static final List<Integer> X = List.of(1); | X.get(0);
            static final Map<String, Integer> X = new HashMap<>(); static { X.put("a", 1); } | X.get("a");
            static final Map<String, Integer> X = new HashMap<>(); static { fill(); } static void fill() { X.put("a", 1); } | X.get("a");
            static final Map<String, Integer> X = new HashMap<>(); static { Stream.of("a").forEach(a -> X.put(a, 1)); } | X.get("a");
            static final Map<String, Integer> X = new HashMap<>(); | Map<String, Integer> m = new HashMap<>(); m.put("a", X.get("a"));
            static final Map<Integer, Integer> X = new ConcurrentHashMap<>(); | X.put(1, 2);
            static final Map<Integer, Integer> X = Collections.synchronizedMap(new HashMap<>()); | X.put(1, 2);
            static final Set<Integer> X = ConcurrentHashMap.newKeySet(); | X.add(1);
            static final List<Integer> X = new CopyOnWriteArrayList<>(); | X.add(1);
            static final Map<Integer, Integer> X = new HashMap<>(); | synchronized (X) { X.put(1, 2); }
            static final int[] X = {1, 2}; | int x = X[0]; int[] y = new int[1]; y[0] = x;
            static final int[] X = {1, 2}; | int[] y = X.clone(); y[0] = 1; System.arraycopy(X, 0, y, 0, 1);
            static final AtomicInteger X = new AtomicInteger(); | X.incrementAndGet();
            static final ThreadLocal<SimpleDateFormat> X = ThreadLocal.withInitial(SimpleDateFormat::new); | X.get();
            static final ThreadLocal<SimpleDateFormat> X = ThreadLocal.withInitial(() -> new SimpleDateFormat()); | X.get();
            static final BigDecimal X = BigDecimal.ONE; | X.add(BigDecimal.TEN);
            static final System.Logger X = System.getLogger("a"); | X.log(System.Logger.Level.INFO, "a");
            enum E { A, B } static final E X = E.A; | switch (X) { case A: break; default: }
            @SharedState static final Random X = new Random(1); | X.nextInt();
            @SharedState static int X; | X++;
            static final SimpleDateFormat X = new SimpleDateFormat(); | int x = 1;
            """);

        Map<String, List<String>> warnings = used(column(cases, 0), column(cases, 1));

        assertThat(warnings).hasSize(cases.size());
        warnings.forEach((code, found) -> assertThat(found).as(code).isEmpty());
    }

    @Nested
    class OtherMethods {

        @Test
        void ofTheHeadMayUseWhatTheyLike() throws IOException {
            assertThat(warnings("""
                static final Random RANDOM = new Random(1);
                static final SimpleDateFormat FORMAT = new SimpleDateFormat("yyyy");
                public Stream<Integer> index() { return Stream.generate(() -> next()).limit(3); }
                static int next() { return RANDOM.nextInt(); }
                @Override public void report(Rows<Integer> rows, PrintStream out) { FORMAT.format(new Date()); }
                @Column int value(int index) { return 1; }
                """)).isEmpty();
        }

        @Test
        void ofTheHeadSetWhatRowsDoNotSee() throws IOException {
            assertThat(warnings("""
                static List<Integer> all = new ArrayList<>();
                public Stream<Integer> index() { all.add(1); return all.stream(); }
                @Column int value(int index) { return all.size(); }
                """))
                    .singleElement()
                    .asString()
                    .contains("field all: its content is changed in T.index", "each process");
        }

        @Test
        void ofHelperClassesAreChecked() throws IOException {
            assertThat(warnings(
                            "@Column String value(int index) { return new Helper().text(index); }",
                            "class Helper { String text(int i) { return Deeper.FORMAT.format(i); } }",
                            "class Deeper { static final NumberFormat FORMAT = NumberFormat.getInstance(); }",
                            "class Unrelated { static int count; void add() { count++; } }"))
                    .singleElement()
                    .asString()
                    .startsWith("T.java:11: static field FORMAT");
        }

        @Test
        void ofSuperclassesAndInterfacesAreChecked() throws IOException {
            assertThat(warnings(
                            "static class Sub extends Base {} @Column int value(int index) { return Sub.count++ +"
                                    + " I.R.nextInt(); }",
                            "class Base { static int count; }",
                            "interface I { Random R = new Own(); }",
                            "class Own extends Random {}"))
                    .hasSize(2)
                    .anyMatch(text -> text.contains("field count: it is assigned"))
                    .anyMatch(text -> text.contains("field R: Own has one sequence"));
        }
    }
}
