package org.rowmill.schemas.world;

import java.util.Locale;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the value of {@code TZ} with which programs have the time zone of Java. */
final class TimeZoneVariable {

    private static final Pattern OFFSET = Pattern.compile("GMT([+-])(\\d\\d):(\\d\\d)");

    private TimeZoneVariable() {}

    /**
     * Returns the value.
     *
     * @param current the value of this process; blank if it is not set
     * @param zone the time zone of Java
     */
    static String of(String current, TimeZone zone) {
        String id = zone.getID();
        Matcher offset = OFFSET.matcher(id);
        boolean isRule = !current.isBlank() && !current.replaceFirst("^:", "").startsWith("/");
        if (!offset.matches()) {
            return id;
        }
        if (isRule && TimeZone.getTimeZone(current).getRawOffset() == 0) {
            return current; // a rule such as CET-1CEST, which Java reduces to an offset
        }
        String sign = offset.group(1).equals("+") ? "-" : "+"; // POSIX counts to the west
        return String.format(
                Locale.ROOT,
                "<%s%s%s>%s%s:%s",
                offset.group(1),
                offset.group(2),
                offset.group(3),
                sign,
                offset.group(2),
                offset.group(3));
    }
}
