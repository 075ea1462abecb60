package org.rowmill.consumer.work;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The logger of a row. Prints {@code LEVEL name: message} to the output of the row, for level INFO and above. */
final class RowLogger implements System.Logger {

    private final String name;
    private final PrintStream out;

    RowLogger(String name, PrintStream out) {
        this.name = name;
        this.out = out;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && level.getSeverity() >= Level.INFO.getSeverity();
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            print(level, text(bundle, message) + (thrown == null ? "" : System.lineSeparator() + stack(thrown)));
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            String text = text(bundle, format);
            print(level, parameters == null || parameters.length == 0 ? text : formatted(text, parameters));
        }
    }

    private void print(Level level, String message) {
        out.println(level + " " + name + ": " + message);
    }

    private static String formatted(String format, @Nullable Object[] parameters) {
        try {
            return MessageFormat.format(format, parameters);
        } catch (IllegalArgumentException e) {
            return format; // an unpaired brace must not fail the row
        }
    }

    private static String text(@Nullable ResourceBundle bundle, @Nullable String key) {
        if (bundle == null || key == null) {
            return String.valueOf(key);
        }
        try {
            return bundle.getString(key);
        } catch (MissingResourceException | ClassCastException e) {
            return key;
        }
    }

    private static String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
