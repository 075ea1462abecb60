package org.rowmill.mounter.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The output of {@code probe.sh}: lines of a word, a space and a value. Some words occur more than once. */
final class ProbeOutput {

    private static final String BEGIN = "@rowmill\n";
    private static final String END = "end .";
    private static final int MAX_QUOTED_CHARACTERS = 200;

    private final Map<String, List<String>> values = new HashMap<>();

    private ProbeOutput(String lines) {
        lines.lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0 && space < line.length() - 1) {
                values.computeIfAbsent(line.substring(0, space), word -> new ArrayList<>())
                        .add(line.substring(space + 1));
            }
        });
    }

    /**
     * Parses the output.
     *
     * @param output may begin with what the user's login prints
     * @throws IllegalArgumentException if the output is incomplete, or the script has reported a fault
     */
    static NodeProbe parse(String output) {
        int begin = output.indexOf(BEGIN);
        if (begin < 0 || !output.stripTrailing().endsWith(END)) {
            String answer = shortened(output);
            throw new IllegalArgumentException(
                    answer.isEmpty()
                            ? "the node's shell ended without an answer"
                            : "the node's shell answered: " + answer);
        }
        return new ProbeOutput(output.substring(begin + BEGIN.length())).probe();
    }

    private NodeProbe probe() {
        String home = first("home")
                .orElseThrow(
                        () -> new IllegalArgumentException(first("fault").orElse("its home directory is not known")));
        return new NodeProbe(
                home,
                new NodeProbe.OperatingSystem(
                        first("system").orElse(""),
                        first("machine").orElse(""),
                        first("libc").orElse("")),
                machine(),
                new NodeProbe.Capacity((int) number("cpus").orElse(1), first("load"), number("memory"), number("disk")),
                java(),
                new NodeProbe.Sshfs(
                        values.containsKey("sshfs"),
                        values.containsKey("fuse") && values.containsKey("fusermount"),
                        all("option"),
                        first("install").orElse("install sshfs")),
                number("time").orElse(0),
                values.containsKey("scratch"),
                Set.copyOf(all("cached")));
    }

    private Machine machine() {
        Map<String, String> firsts = new HashMap<>();
        values.forEach((word, all) -> firsts.put(word, all.get(0)));
        return Machine.of(firsts);
    }

    private NodeProbe.Java java() {
        Optional<String> found = first("java");
        if (found.isPresent()) {
            String[] versionAndCommand = found.get().split(" ", 2);
            return new NodeProbe.Java(
                    Optional.of(versionAndCommand[1]), OptionalInt.of(Integer.parseInt(versionAndCommand[0])));
        }
        OptionalLong old = number("oldjava");
        return new NodeProbe.Java(
                Optional.empty(), old.isPresent() ? OptionalInt.of((int) old.getAsLong()) : OptionalInt.empty());
    }

    private List<String> all(String word) {
        return values.getOrDefault(word, List.of());
    }

    private Optional<String> first(String word) {
        return all(word).stream().findFirst();
    }

    private OptionalLong number(String word) {
        Optional<String> digits = first(word).filter(text -> text.matches("\\d{1,18}"));
        return digits.isPresent() ? OptionalLong.of(Long.parseLong(digits.get())) : OptionalLong.empty();
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > MAX_QUOTED_CHARACTERS ? line.substring(0, MAX_QUOTED_CHARACTERS) + "..." : line;
    }
}
