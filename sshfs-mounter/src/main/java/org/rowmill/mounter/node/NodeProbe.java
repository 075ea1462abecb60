package org.rowmill.mounter.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a node has, as {@code probe.sh} tells it.
 *
 * @param home the user's home directory
 * @param system as {@code uname -s}
 * @param machine as {@code uname -m}
 * @param libc glibc or musl
 * @param cpus that a process may use
 * @param clockSeconds seconds since 1970 by its clock
 * @param load the average of one minute; empty: not told
 * @param memoryKiB available; empty: not told
 * @param diskKiB free where the home directory is; empty: not told
 * @param java the command of a Java 17 or newer
 * @param javaVersion its version, or that of the newest older one
 * @param hasSshfs whether the command is there
 * @param hasFuse whether the device may be used and there is a {@code fusermount}
 * @param sshfsOptions those beyond the oldest that it knows
 * @param hasScratch whether a file can be written in the directory for scratch files
 * @param install how to install sshfs there
 * @param cached names of wanted files that its cache has
 */
public record NodeProbe(
        String home,
        String system,
        String machine,
        String libc,
        int cpus,
        long clockSeconds,
        Optional<String> load,
        OptionalLong memoryKiB,
        OptionalLong diskKiB,
        Optional<String> java,
        OptionalInt javaVersion,
        boolean hasSshfs,
        boolean hasFuse,
        List<String> sshfsOptions,
        boolean hasScratch,
        String install,
        Set<String> cached) {

    private static final String BEGIN = "@rowmill";
    private static final String END = "end .";

    /** Checks and copies. */
    public NodeProbe {
        sshfsOptions = List.copyOf(sshfsOptions);
        cached = Set.copyOf(cached);
    }

    /**
     * Reads the script's output.
     *
     * @param output with whatever a login printed before
     * @throws IllegalArgumentException when it is not whole
     */
    static NodeProbe read(String output) {
        int begin = output.indexOf(BEGIN + "\n");
        if (begin < 0 || !output.stripTrailing().endsWith(END)) {
            String answer = shortened(output);
            throw new IllegalArgumentException(
                    answer.isEmpty()
                            ? "the node's shell ended and said nothing"
                            : "the node's shell answered: " + answer);
        }
        Map<String, List<String>> said = new LinkedHashMap<>();
        output.substring(begin).lines().skip(1).forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0 && space < line.length() - 1) {
                said.computeIfAbsent(line.substring(0, space), word -> new ArrayList<>())
                        .add(line.substring(space + 1));
            }
        });
        return of(said);
    }

    private static NodeProbe of(Map<String, List<String>> said) {
        Optional<String[]> java = one(said, "java").map(text -> text.split(" ", 2));
        OptionalLong old = number(said, "oldjava");
        return new NodeProbe(
                one(said, "home")
                        .orElseThrow(() -> new IllegalArgumentException(
                                one(said, "fault").orElse("its home directory is not known"))),
                one(said, "system").orElse(""),
                one(said, "machine").orElse(""),
                one(said, "libc").orElse(""),
                (int) number(said, "cpus").orElse(1),
                number(said, "time").orElse(0),
                one(said, "load"),
                number(said, "memory"),
                number(said, "disk"),
                java.map(words -> words[1]),
                java.map(words -> OptionalInt.of(Integer.parseInt(words[0])))
                        .orElse(old.isPresent() ? OptionalInt.of((int) old.getAsLong()) : OptionalInt.empty()),
                said.containsKey("sshfs"),
                said.containsKey("fuse") && said.containsKey("fusermount"),
                said.getOrDefault("option", List.of()),
                said.containsKey("scratch"),
                one(said, "install").orElse("install sshfs"),
                Set.copyOf(said.getOrDefault("cached", List.of())));
    }

    private static Optional<String> one(Map<String, List<String>> said, String word) {
        return Optional.ofNullable(said.get(word)).map(values -> values.get(0));
    }

    private static OptionalLong number(Map<String, List<String>> said, String word) {
        Optional<String> text = one(said, word).filter(digits -> digits.matches("\\d{1,18}"));
        return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        int most = 200;
        return line.length() > most ? line.substring(0, most) + "..." : line;
    }
}
