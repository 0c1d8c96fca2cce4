# SPDX-License-Identifier: Apache-2.0
"""What the keys of one entity say together: classes with units, names, categories, and what Domoticz makes of them."""

import re
import unicodedata

import facts
from messages import Finding

def entity_findings(entity):
    checks = [classes, names, categories]
    if entity.platform == "sensor":
        checks += [sensor_units, sensor_options, sensor_state_class]
    if entity.platform == "update":
        checks.append(update_versions)
    if entity.single:
        checks.append(domoticz)
    for check in checks:
        for name, section, sentence in check(entity.config, entity):
            yield Finding(entity.topic, entity.key, name, section, sentence)


def classes(config, entity):
    known = facts.SENSOR_CLASSES if entity.platform == "sensor" else facts.OTHER_CLASSES[entity.platform]
    if "device_class" in config and config["device_class"] not in known:
        yield "device_class_unknown", "1.7", f"device_class '{config['device_class']}' is none of a {entity.platform}"
    if "object_id" in config:
        yield "object_id", "1.8", "object_id has no meaning since 2026.4: default_entity_id has"
    wanted = config.get("default_entity_id")
    if isinstance(wanted, str) and not re.fullmatch(entity.platform + r"\.[a-z0-9]+(_+[a-z0-9]+)*", wanted):
        yield "default_entity_id_form", "1.8", f"default_entity_id '{wanted}' is not {entity.platform}.name_of_small_letters"


def names(config, entity):
    name = config.get("name")
    if not isinstance(name, str) or not name:
        return
    device = entity.device.get("name") if isinstance(entity.device, dict) else None
    if isinstance(device, str) and device and re.match(re.escape(device) + r"\b", name, flags=re.I):
        yield "name_repeats_device", "1.8", f"the name '{name}' begins with the device's name, which Home Assistant puts before it"
    first, *others = name.split()
    if not first[0].isupper() and not first[0].isdigit() or any(re.match("[A-Z][a-z]", word) for word in others):
        yield "name_case", "1.8", f"the name '{name}' is not in sentence case"


DIAGNOSTIC = re.compile(r"timestamp|p1_version\w*|equipment_id|crc_errors|uptime|rssi|version|(long_)?power_failures|voltage_(sags|swells)_l[123]")
NOT_DIAGNOSTIC = {"power", "energy", "voltage", "gas"}
DISABLED = re.compile(r"voltage_(sags|swells|sag|swell|sag_time|swell_time)_l[123]|text_message\w*|reactive_\w+")


def categories(config, entity):
    category, device_class = config.get("entity_category"), config.get("device_class")
    if entity.platform in ("sensor", "binary_sensor") and category == "config":
        yield "category_config", "1.4", f"Home Assistant refuses a {entity.platform} of the category config"
    if entity.platform != "sensor":
        return
    # What is set, not measured (a limit, the nominal voltage), has no state class and may have a category.
    if category and device_class in NOT_DIAGNOSTIC and "state_class" in config:
        yield "category_of_measurement", "1.8", f"a sensor of {device_class} has the category {category}"
    if not category and DIAGNOSTIC.fullmatch(entity.key):
        yield "category_missing", "1.8", "this tells about the meter or the program: its entity_category is diagnostic"
    if DISABLED.fullmatch(entity.key) and config.get("enabled_by_default") is not False:
        yield "enabled_although_rare", "1.8", "this is rarely used: enabled_by_default is false"


def look_alike(unit):
    folded = unicodedata.normalize("NFKC", unit).casefold().replace("^", "")
    return [known for known in facts.UNITS if unicodedata.normalize("NFKC", known).casefold() == folded]


def sensor_units(config, entity):
    unit, device_class = config.get("unit_of_measurement"), config.get("device_class")
    units = facts.SENSOR_CLASSES.get(device_class, (None,))[0]
    if device_class == "monetary":
        if not isinstance(unit, str) or not re.fullmatch("[A-Z]{3}", unit):
            yield "unit_of_class", "1.7", f"the unit '{unit}' of money is no ISO 4217 code"
    elif units is not None and unit not in units and (units or unit is not None):
        yield "unit_of_class", "1.7", (f"the unit {unit!r} is none of {device_class}: " +
                                       (", ".join(sorted(map(str, units))) or "it has none"))
    elif isinstance(unit, str) and unit not in facts.UNITS and look_alike(unit):
        yield "unit_spelling", "1.7", f"the unit '{unit}' is spelt {' or '.join(look_alike(unit))}"
    if "suggested_display_precision" in config and not is_numeric(config):
        yield "precision_without_number", "1.4", "suggested_display_precision stands at a sensor that is no number"


def sensor_options(config, entity):
    is_enum = config.get("device_class") == "enum"
    if ("options" in config) != is_enum:
        yield "options_and_enum", "1.4", "options and device_class enum go together"
    if "options" in config and ("state_class" in config or "unit_of_measurement" in config):
        yield "options_with_number", "1.4", "options forbid state_class and unit_of_measurement"


def sensor_state_class(config, entity):
    device_class, state_class = config.get("device_class"), config.get("state_class")
    allowed = facts.SENSOR_CLASSES.get(device_class, (None, facts.STATE_CLASSES))[1]
    if state_class is not None and state_class not in allowed:
        yield "state_class_of_class", "1.7", (f"state_class {state_class} is none of {device_class}: " +
                                              (", ".join(sorted(allowed)) or "it has none"))
    spared = config.get("enabled_by_default") is False or "entity_category" in config
    if state_class is None and device_class in facts.ENERGY_DASHBOARD and not spared:
        yield "state_class_missing", "1.12", f"a sensor of {device_class} without state_class has no statistics"
    if state_class == "measurement_angle" and config.get("unit_of_measurement") != "°":
        yield "angle_unit", "1.4", "measurement_angle has the unit °"
    if "last_reset_value_template" in config and state_class != "total":
        yield "last_reset", "1.4", "last_reset_value_template needs state_class total"


def is_numeric(config):
    return config.get("device_class") not in facts.TEXT_CLASSES and any(
        config.get(key) is not None for key in ("device_class", "state_class", "unit_of_measurement"))


def update_versions(config, entity):
    if ("latest_version_template" in config) and "latest_version_topic" not in config:
        yield "latest_version_template", "1.11", "latest_version_template needs latest_version_topic"
    if ("payload_install" in config) != ("command_topic" in config):
        yield "install_button", "1.11", "payload_install and command_topic go together"


SKIPPED_BY_DOMOTICZ = re.compile(r"(min|max)_.*|.*_(min|max)|.*(_alarm|_address|_ssid|_sensitivity|_calibration).*|restart|"
                                 r"log_level|last_seen|linkquality|connection_state")
PLAIN_TEMPLATE = re.compile(r"\{\{\s*value(_json(\.\w+|\[\"[^\"\]]+\"\]|\['[^'\]]+'\]|\[\d+\])+)?\s*\}\}")


def domoticz(config, entity):
    icon = config.get("icon")
    if isinstance(icon, str) and "water" in icon:
        yield "domoticz_icon", "6.4", f"the icon '{icon}' makes Domoticz take the meter for a rain meter"
    if SKIPPED_BY_DOMOTICZ.fullmatch(entity.key):
        yield "domoticz_object_id", "6.4", f"Domoticz leaves out the object id '{entity.key}'"
    template = config.get("value_template")
    if entity.platform in ("sensor", "binary_sensor") and isinstance(template, str) and not PLAIN_TEMPLATE.fullmatch(template):
        yield "domoticz_template", "6.4", f"Domoticz evaluates nothing but a path: {template}"
    listed = config.get("availability")
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict) and "value_template" in entry:
            yield "domoticz_availability", "6.4", "Domoticz ignores the template of an availability topic"
