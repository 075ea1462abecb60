package org.rowmill.producer.project;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Names of files that are programs although they need not be executable: an interpreter reads them. */
public final class ScriptNames {

    private static final Set<String> SUFFIXES = Set.of(
            "sh", "bash", "py", "pl", "rb", "r", "jl", "js", "mjs", "lua", "awk", "sed", "m", "sql", "jsh", "groovy",
            "kts", "jar");

    private ScriptNames() {}

    /** Returns whether the name of a file is that of a script. */
    public static boolean isScript(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        return dot >= 0 && SUFFIXES.contains(name.substring(dot + 1));
    }
}
