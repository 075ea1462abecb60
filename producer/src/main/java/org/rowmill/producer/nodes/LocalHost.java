package org.rowmill.producer.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this computer, without asking a name server, which can take seconds. */
public final class LocalHost {

    private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

    private LocalHost() {}

    public static String name() {
        try {
            String name = Files.exists(LINUX) ? Files.readString(LINUX).strip() : System.getenv("HOSTNAME");
            return name == null || name.isBlank() ? "localhost" : name;
        } catch (IOException e) {
            return "localhost";
        }
    }
}
