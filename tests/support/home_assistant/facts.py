# SPDX-License-Identifier: Apache-2.0
"""What Home Assistant knows: keys, abbreviations, device classes with their units and state classes.

Names and units are the ones that its MQTT integration and its sensor platform accept. Of the device classes only those stand
here that a meter, or the program that reads it, can have: another one is a finding.
"""

MEASUREMENT, TOTAL, TOTAL_INCREASING = "measurement", "total", "total_increasing"
STATE_CLASSES = {MEASUREMENT, TOTAL, TOTAL_INCREASING, "measurement_angle"}
_SUMS = {TOTAL, TOTAL_INCREASING}
_ANY = STATE_CLASSES

# Device class of a sensor: the units (None: it may have none), the state classes. An empty set of units: no unit at all.
SENSOR_CLASSES = {
    "apparent_power": ({"mVA", "VA", "kVA"}, {MEASUREMENT}),
    "battery": ({"%"}, {MEASUREMENT}),
    "current": ({"µA", "μA", "mA", "A"}, {MEASUREMENT}),
    "data_size": (set("bit kbit Mbit Gbit B kB MB GB TB PB KiB MiB GiB TiB PiB".split()), _ANY),
    "date": (set(), set()),
    "duration": ({"d", "h", "min", "s", "ms", "µs", "μs"}, _ANY),
    "energy": (set("J kJ MJ GJ mWh Wh kWh MWh GWh TWh cal kcal Mcal Gcal".split()), _SUMS),
    "enum": (set(), set()),
    "frequency": (set("mHz Hz kHz MHz GHz".split()), {MEASUREMENT}),
    "gas": ({"L", "m³", "ft³", "CCF", "MCF"}, _SUMS),
    "monetary": (None, {TOTAL}),  # its units are currencies
    "power": (set("mW W kW MW GW TW".split()), {MEASUREMENT}),
    "power_factor": ({None, "%"}, {MEASUREMENT}),
    "reactive_energy": ({"varh", "kvarh"}, _SUMS),
    "reactive_power": ({"mvar", "var", "kvar"}, {MEASUREMENT}),
    "signal_strength": ({"dB", "dBm"}, {MEASUREMENT}),
    "temperature": ({"°C", "°F", "K"}, {MEASUREMENT}),
    "timestamp": (set(), set()),
    "uptime": (set(), set()),
    "voltage": ({"µV", "μV", "mV", "V", "kV", "MV"}, {MEASUREMENT}),
    "volume": ({"mL", "L", "m³", "ft³", "gal", "fl. oz.", "CCF", "MCF"}, _SUMS),
    "volume_flow_rate": (set("m³/h m³/min m³/s ft³/min L/h L/min L/s mL/s gal/h gal/min gal/d".split()), {MEASUREMENT}),
    "water": ({"L", "gal", "m³", "ft³", "CCF", "MCF"}, _SUMS),
}
UNITS = {unit for units, _ in SENSOR_CLASSES.values() for unit in units or () if unit}
# What the Energy dashboard takes needs a state class, or has no statistics.
ENERGY_DASHBOARD = {"energy", "gas", "water", "power"}
TEXT_CLASSES = {"date", "enum", "timestamp", "uptime"}

BINARY_SENSOR_CLASSES = set("""battery battery_charging carbon_monoxide cold connectivity door garage_door gas heat light lock
    moisture motion moving occupancy opening plug power presence problem running safety smoke sound tamper update vibration
    window""".split())
OTHER_CLASSES = {
    "binary_sensor": BINARY_SENSOR_CLASSES,
    "event": {"button", "doorbell", "motion"},
    "update": {"firmware"},
    "button": {"identify", "restart", "update"},
}

AVAILABILITY_KEYS = {"availability", "availability_mode", "availability_template", "availability_topic", "payload_available",
                     "payload_not_available"}
SHARED_KEYS = AVAILABILITY_KEYS | {"command_topic", "state_topic", "qos", "encoding"}
ENTITY_KEYS = AVAILABILITY_KEYS | set("""platform unique_id name icon entity_category enabled_by_default visible_by_default
    entity_picture json_attributes_topic json_attributes_template default_entity_id qos encoding device_class""".split())
PLATFORM_KEYS = {
    "sensor": set("""state_topic value_template state_class unit_of_measurement suggested_display_precision expire_after
        force_update options last_reset_value_template""".split()),
    "binary_sensor": set("state_topic value_template payload_on payload_off off_delay expire_after force_update".split()),
    "event": set("state_topic value_template event_types".split()),
    "update": set("""state_topic value_template latest_version_topic latest_version_template command_topic payload_install
        title release_summary release_url retain display_precision""".split()),
    "button": set("command_topic command_template payload_press retain".split()),
}
SUPPORTED_COMPONENTS = set("""alarm_control_panel binary_sensor button camera climate cover date datetime device_automation
    device_tracker event fan humidifier image infrared lawn_mower light lock notify number scene select sensor siren switch tag
    text time update vacuum valve water_heater""".split())
UPDATE_STATE_KEYS = set("""installed_version latest_version title release_summary release_url entity_picture in_progress
    update_percentage""".split())

# Short names that stand for long ones, where each is understood.
ENTITY_ABBREVIATIONS = {
    "avty": "availability", "avty_t": "availability_topic", "avty_mode": "availability_mode",
    "avty_tpl": "availability_template", "cmd_t": "command_topic", "cmd_tpl": "command_template", "cmps": "components",
    "def_ent_id": "default_entity_id", "dev": "device", "dev_cla": "device_class", "e": "encoding", "en": "enabled_by_default",
    "ent_cat": "entity_category", "ent_pic": "entity_picture", "evt_typ": "event_types", "exp_aft": "expire_after",
    "frc_upd": "force_update", "ic": "icon", "json_attr_t": "json_attributes_topic",
    "json_attr_tpl": "json_attributes_template", "l_ver_t": "latest_version_topic", "l_ver_tpl": "latest_version_template",
    "lrst_val_tpl": "last_reset_value_template", "o": "origin", "obj_id": "object_id", "off_dly": "off_delay", "ops": "options",
    "p": "platform", "pl_avail": "payload_available", "pl_inst": "payload_install", "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off", "pl_on": "payload_on", "pl_prs": "payload_press", "rel_s": "release_summary",
    "rel_u": "release_url", "ret": "retain", "stat_cla": "state_class", "stat_t": "state_topic",
    "sug_dsp_prc": "suggested_display_precision", "t": "topic", "tit": "title", "uniq_id": "unique_id",
    "unit_of_meas": "unit_of_measurement", "val_tpl": "value_template",
}
DEVICE_ABBREVIATIONS = {
    "cns": "connections", "cu": "configuration_url", "hw": "hw_version", "ids": "identifiers", "mdl": "model",
    "mdl_id": "model_id", "mf": "manufacturer", "sa": "suggested_area", "sn": "serial_number", "sw": "sw_version",
}
ORIGIN_ABBREVIATIONS = {"sw": "sw_version", "url": "support_url"}
