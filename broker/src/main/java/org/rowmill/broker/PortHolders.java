package org.rowmill.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the programs that listen on ports. It reads {@code /proc}; on systems without it, it finds none. */
public final class PortHolders {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEXADECIMAL = 16;
    private static final int MOST_NAMED = 5;

    private PortHolders() {}

    /**
     * Finds the programs of this computer that listen on ports of a range, as far as the permissions of this process
     * show them.
     *
     * @param range the ports
     * @return up to five programs, such as {@code 11000: java (pid 4711), 11001: unknown program}; empty if there is
     *     none
     */
    public static String of(PortRange range) {
        Map<String, Integer> ports = listening(range);
        Map<Integer, String> programs = new TreeMap<>();
        ports.values().forEach(port -> programs.put(port, "unknown program"));
        if (!ports.isEmpty()) {
            processes()
                    .forEach(process -> sockets(process)
                            .map(ports::get)
                            .filter(port -> port != null)
                            .forEach(port -> programs.put(port, name(process))));
        }
        String named = programs.entrySet().stream()
                .limit(MOST_NAMED)
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", "));
        return programs.size() <= MOST_NAMED ? named : named + " and " + (programs.size() - MOST_NAMED) + " more";
    }

    /** Returns the ports of the range on which a program listens, by the link target of its socket. */
    private static Map<String, Integer> listening(PortRange range) {
        Map<String, Integer> ports = new HashMap<>();
        for (Path table : TABLES) {
            for (String line : lines(table)) {
                String[] fields = line.trim().split("\\s+");
                if (fields.length > INODE && fields[STATE].equals(LISTENING)) {
                    String address = fields[LOCAL_ADDRESS];
                    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), HEXADECIMAL);
                    if (port >= range.first() && port <= range.last()) {
                        ports.put("socket:[" + fields[INODE] + "]", port);
                    }
                }
            }
        }
        return ports;
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of(); // another system, or no permission
        }
    }

    private static List<Path> processes() {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns the link targets of the open files of a process; none if it belongs to another user or has ended. */
    private static Stream<String> sockets(Path process) {
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return files.map(PortHolders::target).toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String name(Path process) {
        String pid = "pid " + process.getFileName();
        try {
            byte[] name = Files.readAllBytes(process.resolve("comm")); // in any encoding
            return new String(name, StandardCharsets.UTF_8).trim() + " (" + pid + ")";
        } catch (IOException e) {
            return pid;
        }
    }
}
