package org.rowmill.producer.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the host name of the head without a name server, which can take seconds to answer. */
public final class LocalHost {

    private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

    private LocalHost() {}

    /** Returns the host name, or {@code localhost} if the system does not name one. */
    public static String name() {
        try {
            String name = Files.exists(LINUX) ? Files.readString(LINUX).strip() : System.getenv("HOSTNAME");
            return name == null || name.isBlank() ? "localhost" : name;
        } catch (IOException e) {
            return "localhost";
        }
    }
}
